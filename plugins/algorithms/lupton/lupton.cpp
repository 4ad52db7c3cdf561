// SPDX-License-Identifier: BSD-3-Clause
#include "../colour/channels.hpp"
#include "mapping.hpp"

namespace {

using recorte::Image;
using recorte::Job;

/// Of the pixels looked at to find a stretch: sky, and what is bright.
constexpr double kSkyPercent = 50;
constexpr double kBrightPercent = 97;

class Lupton : public recorte::Algorithm {
 public:
  explicit Lupton(const recorte::Config&) {}

  void outline(const Job& job) override {
    reader_.clear();
    bands_ = colour::shown_bands(job);
    mapping_ = mapping(job);
    colour::declare(job, bands_);
  }

  void run(const Job& job) override {
    const auto& window = job.window();
    auto bands = reader_.take(job, bands_, window);
    const auto width = static_cast<std::size_t>(window.width);
    const bool grey = bands.size() == 1;
    auto picture = job.make(RECORTE_U8, window.width, window.height, grey ? 2 : 4);
    std::vector<float> mixed(3 * width);
    std::vector<std::uint8_t> unused(2 * width);
    for (std::int64_t y = 0; y < window.height; ++y) {
      if (y % 64 == 0) job.call().checkpoint();
      std::array<const float*, 3> in{};
      for (std::size_t c = 0; c < 3; ++c) in[c] = channel(bands, c, y, &mixed[c * width]);
      std::array<std::uint8_t*, 3> out{picture.row<std::uint8_t>(y).data(), unused.data(),
                                       unused.data() + width};
      for (std::int64_t c = 1; c < 3 && !grey; ++c)
        out[static_cast<std::size_t>(c)] = picture.row<std::uint8_t>(y, c).data();
      mapping_.row(in, out, width);
      const auto alpha = picture.row<std::uint8_t>(y, grey ? 1 : 3);
      for (std::size_t x = 0; x < width; ++x)
        alpha[x] = std::isnan(in[0][x]) && std::isnan(in[1][x]) && std::isnan(in[2][x]) ? 0 : 255;
    }
    job.emit(picture);
  }

 private:
  /// Row y of red, green or blue: a band's own, or `mixed`, filled.
  const float* channel(std::vector<Image>& bands, std::size_t c, std::int64_t y,
                       float* mixed) const {
    if (bands.size() == 1) return bands[0].row<float>(y).data();
    if (bands.size() == 3) return bands[c].row<float>(y).data();
    return colour::mix(bands, c, y, mixed);
  }

  /// Given scaling, so that pictures of a batch compare; else what the middle of the region shows.
  lupton::Mapping mapping(const Job& job) {
    const auto params = job.params();
    const double q = params.number("/Q", 8);
    const bool automatic = params.get("/scaling", "fixed") == "auto";
    if (params.find("/stretch") && !automatic) {
      const double minimum = params.number("/minimum", 0);
      return {{minimum, minimum, minimum}, params.number("/stretch", 1), q};
    }
    auto& bands = reader_.sample(job, bands_, colour::sample_of(job.target().rect));
    const auto& service = job.host().service<recorte_stretch>(RECORTE_STRETCH_V1);
    std::array<double, 3> sky{};
    std::array<double, 3> weight{};
    double stretch = 0;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      const auto pixels = colour::pixels_of(bands[i]);
      double dark = 0;
      double bright = 0;
      recorte_error err{};
      err.struct_size = sizeof err;
      if (service.percentiles(pixels.data(), pixels.size(), kSkyPercent, kBrightPercent, &dark,
                              &bright, &err) != RECORTE_OK)
        continue;
      stretch = std::max(stretch, bright - dark);
      const auto share = colour::weights_of(i, bands.size());
      for (std::size_t c = 0; c < 3; ++c) sky[c] += share[c] * dark, weight[c] += share[c];
    }
    for (std::size_t c = 0; c < 3; ++c) sky[c] = weight[c] > 0 ? sky[c] / weight[c] : 0;
    if (params.find("/minimum") && !automatic) sky.fill(params.number("/minimum", 0));
    return {sky, stretch > 0 ? stretch : 1, q};
  }

  std::vector<std::uint32_t> bands_;
  colour::Reader reader_;
  lupton::Mapping mapping_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Lupton>)
