// SPDX-License-Identifier: BSD-3-Clause
#include "../colour/channels.hpp"

#include <charconv>

namespace {

using recorte::Error;
using recorte::Image;
using recorte::Job;

struct Limits {
  double black = 0, white = 1;
};

/// Each band stretched by itself, between its own black and white; two or more bands make a colour
/// picture, one a grey one.
class Arcsinh : public recorte::Algorithm {
 public:
  explicit Arcsinh(const recorte::Config&) {}

  void outline(const Job& job) override {
    reader_.clear();
    bands_ = colour::shown_bands(job);
    const auto params = job.params();
    curve_ = curve_of(params.get("/curve", "asinh"));
    contrast_ = params.number("/contrast", 10);
    gain_ = numbers(job, "/gain", 1);
    limits_ = limits(job);
    colour::declare(job, bands_);
  }

  void run(const Job& job) override {
    const auto& window = job.window();
    const auto& service = job.host().service<recorte_stretch>(RECORTE_STRETCH_V1);
    auto bands = reader_.take(job, bands_, window);
    const auto width = static_cast<std::size_t>(window.width);
    const std::int64_t colours = bands.size() == 1 ? 1 : 3;
    auto picture = job.make(RECORTE_U8, window.width, window.height, colours + 1);
    std::vector<std::uint8_t> bytes(width * bands.size());
    for (std::int64_t y = 0; y < window.height; ++y) {
      if (y % 64 == 0) job.call().checkpoint();
      const auto alpha = picture.row<std::uint8_t>(y, colours);
      for (std::size_t i = 0; i < bands.size(); ++i) {
        const auto in = bands[i].row<float>(y);
        const auto& [black, white] = limits_[i];
        service.to_bytes(curve_, black, black + (white - black) / gain_[i], contrast_, width,
                         in.data(), &bytes[i * width]);
        for (std::size_t x = 0; x < width; ++x)
          if (!std::isnan(in[x])) alpha[x] = 255;
      }
      for (std::int64_t c = 0; c < colours; ++c)
        mix(bytes, static_cast<std::size_t>(c), picture.row<std::uint8_t>(y, c));
    }
    job.emit(picture);
  }

 private:
  static recorte_curve curve_of(const std::string& name) {
    return name == "linear" ? RECORTE_LINEAR
           : name == "sqrt" ? RECORTE_SQRT
           : name == "log"  ? RECORTE_LOG
                            : RECORTE_ASINH;
  }

  /// One number for all bands, or a list: one for each, from red to blue.
  std::vector<double> numbers(const Job& job, const char* pointer, double fallback) const {
    const auto texts = job.params().list(pointer);
    if (texts.empty())
      return std::vector<double>(bands_.size(), job.params().number(pointer, fallback));
    if (texts.size() != bands_.size())
      throw Error(RECORTE_INVALID, std::string(pointer + 1) + " has " +
                                       std::to_string(texts.size()) + " numbers for " +
                                       std::to_string(bands_.size()) +
                                       " bands; give one for each, from red to blue, or one");
    std::vector<double> out;
    for (std::size_t i = 0; i < texts.size(); ++i)
      out.push_back(
          job.params().number((std::string(pointer) + "/" + std::to_string(i)).c_str(), fallback));
    return out;
  }

  /// Given black and white, so that pictures of a batch compare; else by the pixels in the middle.
  std::vector<Limits> limits(const Job& job) {
    const auto params = job.params();
    const bool automatic = params.get("/scaling", "fixed") == "auto";
    const bool has_black = params.find("/black") && !automatic;
    const bool has_white = params.find("/white") && !automatic;
    const auto black = numbers(job, "/black", 0);
    const auto white = numbers(job, "/white", 1);
    std::vector<Limits> out;
    std::vector<Image>* sample = nullptr;
    if (!has_black || !has_white)
      sample = &reader_.sample(job, bands_, colour::sample_of(job.target().rect));
    for (std::size_t i = 0; i < bands_.size(); ++i) {
      Limits limits;
      if (sample) limits = found(job, (*sample)[i]);
      if (has_black) limits.black = black[i];
      if (has_white) limits.white = white[i];
      if (!(limits.white > limits.black)) {
        if (has_black && has_white)
          throw Error(RECORTE_INVALID,
                      "white, " + text_of(white[i]) + ", is not above black, " + text_of(black[i]));
        limits.white = limits.black + 1;  // of pixels that are all the same
      }
      out.push_back(limits);
    }
    return out;
  }

  static std::string text_of(double value) {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.begin(), text.end(), value).ptr};
  }

  static Limits found(const Job& job, Image& image) {
    const auto params = job.params();
    const auto& service = job.host().service<recorte_stretch>(RECORTE_STRETCH_V1);
    const auto pixels = colour::pixels_of(image);
    Limits out;
    recorte_error err{};
    err.struct_size = sizeof err;
    // Where no pixel has a value, 0 to 1 will do.
    if (params.get("/limits", "percentile") == "zscale")
      service.zscale(pixels.data(), pixels.size(), 0.25, &out.black, &out.white, &err);
    else
      service.percentiles(pixels.data(), pixels.size(), params.number("/low", 1),
                          params.number("/high", 99.5), &out.black, &out.white, &err);
    return out;
  }

  /// The mean of the bands' bytes, weighted as a colour is made of them.
  static void mix(const std::vector<std::uint8_t>& bytes, std::size_t c,
                  std::span<std::uint8_t> out) {
    const auto n = bytes.size() / out.size();
    double whole = 0;
    std::vector<double> sum(out.size(), 0);
    for (std::size_t i = 0; i < n; ++i) {
      const double weight = colour::weights_of(i, n)[c];
      if (weight == 0) continue;
      whole += weight;
      const auto* of_band = &bytes[i * out.size()];
      for (std::size_t x = 0; x < out.size(); ++x) sum[x] += weight * of_band[x];
    }
    for (std::size_t x = 0; x < out.size(); ++x)
      out[x] = static_cast<std::uint8_t>(static_cast<std::int32_t>(sum[x] / whole + 0.5));
  }

  std::vector<std::uint32_t> bands_;
  colour::Reader reader_;
  std::vector<Limits> limits_;
  std::vector<double> gain_;
  recorte_curve curve_ = RECORTE_ASINH;
  double contrast_ = 10;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Arcsinh>)
