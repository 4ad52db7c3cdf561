// SPDX-License-Identifier: BSD-3-Clause
#include "mapping.hpp"

#include <recorte/sdk.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace {

using recorte::Error;
using recorte::Job;
using recorte::view;

/// Pixels looked at, a band, to find a stretch that was not given.
constexpr std::int64_t kSampleSide = 1024;
/// Of the pixels so looked at: sky, and what is bright.
constexpr double kSkyPercent = 50;
constexpr double kBrightPercent = 97;

class Lupton : public recorte::Algorithm {
 public:
  explicit Lupton(const recorte::Config&) {}

  void outline(const Job& job) override {
    channels_ = channels(job);
    // The finest grid, so that no detail is lost.
    grid_ = *std::ranges::min_element(channels_, {},
                                      [&](std::uint32_t i) { return job.inputs()[i].scale_x; });
    const auto& region = job.inputs()[grid_].region;
    mapping_ = mapping(job, region);
    job.declare(
        {.input = grid_, .rect = region, .bitpix = RECORTE_U8, .planes = 3, .colour = true});
  }

  void run(const Job& job) override {
    const auto& window = job.window();
    std::vector<recorte::Image> bands;
    for (const auto input : distinct())
      bands.push_back(job.resample(input, RECORTE_IMAGE, grid_, window, RECORTE_BILINEAR));
    auto picture = job.make(RECORTE_U8, window.width, window.height, 3);
    for (std::int64_t y = 0; y < window.height; ++y) {
      if (y % 64 == 0) job.call().checkpoint();
      std::array<const float*, 3> in{};
      std::array<std::uint8_t*, 3> out{};
      for (std::size_t c = 0; c < 3; ++c) {
        in[c] = bands[bands.size() == 1 ? 0 : c].row<float>(y).data();
        out[c] = picture.row<std::uint8_t>(y, static_cast<std::int64_t>(c)).data();
      }
      mapping_.row(in, out, static_cast<std::size_t>(window.width));
    }
    job.emit(picture);
  }

 private:
  /// The inputs behind red, green and blue: rgb where given, else by wavelength, the longest red;
  /// one band alone is grey.
  static std::array<std::uint32_t, 3> channels(const Job& job) {
    auto names = job.params().list("/rgb");
    if (names.empty()) {
      std::vector<recorte_band> bands(job.bands().begin(), job.bands().end());
      std::ranges::stable_sort(
          bands, [](const auto& a, const auto& b) { return a.lambda_min > b.lambda_min; });
      if (bands.size() == 2 || bands.empty())
        throw Error(RECORTE_INVALID,
                    "a colour picture needs three bands, a grey one needs one; name them with rgb "
                    "or bands");
      for (const auto i : {std::size_t{0}, bands.size() / 2, bands.size() - 1})
        names.emplace_back(view(bands[i].name));
    }
    std::array<std::uint32_t, 3> out{};
    for (std::size_t c = 0; c < 3; ++c) {
      const auto found = std::ranges::find(
          job.inputs(), names[c], [](const auto& i) { return std::string(view(i.source->band)); });
      if (found == job.inputs().end())
        throw Error(RECORTE_NO_COVERAGE,
                    "no image of the band " + names[c] +
                        " is here; name other bands with rgb, or one for a grey picture");
      out[c] = static_cast<std::uint32_t>(found - job.inputs().begin());
    }
    return out;
  }

  /// Red, green, blue; or the one input of a grey picture.
  std::vector<std::uint32_t> distinct() const {
    if (channels_[0] == channels_[1] && channels_[1] == channels_[2]) return {channels_[0]};
    return {channels_.begin(), channels_.end()};
  }

  /// Given scaling, so that pictures of a batch compare; else what the middle of the region shows.
  lupton::Mapping mapping(const Job& job, const recorte_rect& region) const {
    const auto params = job.params();
    const double q = params.number("/Q", 8);
    if (params.find("/stretch")) {
      const double minimum = params.number("/minimum", 0);
      return {{minimum, minimum, minimum}, params.number("/stretch", 1), q};
    }
    const recorte_rect sample{
        region.x + std::max<std::int64_t>(0, (region.width - kSampleSide) / 2),
        region.y + std::max<std::int64_t>(0, (region.height - kSampleSide) / 2),
        std::min(region.width, kSampleSide), std::min(region.height, kSampleSide)};
    const auto& service = job.host().service<recorte_stretch>(RECORTE_STRETCH_V0);
    std::array<double, 3> sky{};
    double stretch = 0;
    const auto inputs = distinct();
    for (std::size_t c = 0; c < 3; ++c) {
      const auto input = inputs[inputs.size() == 1 ? 0 : c];
      auto image = job.resample(input, RECORTE_IMAGE, grid_, sample, RECORTE_BILINEAR);
      std::vector<float> pixels;
      for (std::int64_t y = 0; y < image.height(); ++y) {
        const auto row = image.row<float>(y);
        pixels.insert(pixels.end(), row.begin(), row.end());
      }
      double bright = 0;
      recorte_error err{};
      err.struct_size = sizeof err;
      if (service.percentiles(pixels.data(), pixels.size(), kSkyPercent, kBrightPercent, &sky[c],
                              &bright, &err) == RECORTE_OK)
        stretch = std::max(stretch, bright - sky[c]);
    }
    if (params.find("/minimum")) sky.fill(params.number("/minimum", 0));
    return {sky, stretch > 0 ? stretch : 1, q};
  }

  std::array<std::uint32_t, 3> channels_{};
  std::uint32_t grid_ = 0;
  lupton::Mapping mapping_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Lupton>)
