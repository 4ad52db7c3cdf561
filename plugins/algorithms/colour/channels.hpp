/// What the colour algorithms share: which bands are shown, how two or many of them make red, green
/// and blue, and the pixels of a window by channel.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/sdk.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace colour {

using recorte::Error;
using recorte::Job;
using recorte::view;

/// Pixels looked at, along each side, to find a stretch that was not given.
inline constexpr std::int64_t kSampleSide = 1024;

/// The shown bands, from red to blue (numbers of job.bands()): rgb where it is given; else the
/// longest, the middle and the shortest by wavelength; two are two colours, one is grey.
inline std::vector<std::uint32_t> shown_bands(const Job& job) {
  auto names = job.params().list("/rgb");
  if (names.empty()) {
    std::vector<recorte_band> bands(job.bands().begin(), job.bands().end());
    const auto length = [](const recorte_band& b) {
      return std::isnan(b.lambda_min) ? -1.0 : b.lambda_min;  // not known: blue
    };
    std::ranges::stable_sort(bands,
                             [&](const auto& a, const auto& b) { return length(a) > length(b); });
    if (bands.size() > 3) bands = {bands.front(), bands[bands.size() / 2], bands.back()};
    for (const auto& band : bands) names.emplace_back(view(band.name));
  }
  std::vector<std::uint32_t> out;
  for (const auto& name : names) {
    const auto band = std::ranges::find(
        job.bands(), name, [](const recorte_band& b) { return std::string(view(b.name)); });
    const bool there = std::ranges::any_of(
        job.inputs(), [&](const recorte_input& input) { return view(input.source->band) == name; });
    if (band == job.bands().end() || !there)
      throw Error(RECORTE_NO_COVERAGE,
                  "no image of the band " + name +
                      " is here; name other bands with rgb, or one for a grey picture");
    out.push_back(static_cast<std::uint32_t>(band - job.bands().begin()));
  }
  return out;
}

/// What the band at place i of n, from red to blue, counts for in red, green and blue: a triangle
/// about each colour's own place, so that three bands are the three colours, and of two the middle
/// is green.
inline std::array<double, 3> weights_of(std::size_t i, std::size_t n) {
  if (n == 1) return {1, 1, 1};
  const double place = static_cast<double>(i) / static_cast<double>(n - 1);
  const double width = std::max(0.5, 1 / static_cast<double>(n - 1));
  std::array<double, 3> out{};
  for (std::size_t c = 0; c < 3; ++c)
    out[c] = std::max(0.0, 1 - std::abs(place - 0.5 * static_cast<double>(c)) / width);
  return out;
}

/// Reads the bands of windows on the target grid, surface brightness, where images overlap the
/// first that has a value.
class Reader {
 public:
  /// The window in which a stretch is found. Kept until the next one is read: it is often the whole
  /// picture.
  std::vector<recorte::Image>& sample(const Job& job, const std::vector<std::uint32_t>& bands,
                                      const recorte_rect& window) {
    kept_ = read(job, bands, window);
    window_ = window;
    return kept_;
  }
  /// A window, by band: what was kept, if it is the same; then nothing is kept any more.
  std::vector<recorte::Image> take(const Job& job, const std::vector<std::uint32_t>& bands,
                                   const recorte_rect& window) {
    const auto numbers = [](const recorte_rect& r) {
      return std::array{r.x, r.y, r.width, r.height};
    };
    auto kept = std::exchange(kept_, {});
    if (kept.size() == bands.size() && numbers(window) == numbers(window_)) return kept;
    kept.clear();
    return read(job, bands, window);
  }
  /// For every new job.
  void clear() { kept_.clear(); }

 private:
  static std::vector<recorte::Image> read(const Job& job, const std::vector<std::uint32_t>& bands,
                                          const recorte_rect& window) {
    recorte_mosaic_options options{};
    options.struct_size = sizeof options;
    options.kernel = RECORTE_BILINEAR;
    options.combine = RECORTE_FIRST;
    options.conserve = RECORTE_SURFACE_BRIGHTNESS;
    std::vector<recorte::Image> out;
    for (const auto band : bands) {
      job.call().checkpoint();
      out.push_back(job.mosaic(band, RECORTE_IMAGE, window, options));
    }
    return out;
  }

  std::vector<recorte::Image> kept_;
  recorte_rect window_{};
};

/// Row y of red, green or blue out of many bands, into `out`: the mean, so weighted, of those that
/// have a value.
inline const float* mix(std::vector<recorte::Image>& bands, std::size_t c, std::int64_t y,
                        float* out) {
  const auto width = static_cast<std::size_t>(bands[0].width());
  std::vector<double> sum(width, 0), weight(width, 0);
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const double w = weights_of(i, bands.size())[c];
    if (w == 0) continue;
    const auto row = bands[i].row<float>(y);
    for (std::size_t x = 0; x < width; ++x)
      if (!std::isnan(row[x])) sum[x] += w * static_cast<double>(row[x]), weight[x] += w;
  }
  for (std::size_t x = 0; x < width; ++x)
    out[x] = weight[x] > 0 ? static_cast<float>(sum[x] / weight[x])
                           : std::numeric_limits<float>::quiet_NaN();
  return out;
}

/// The middle of the region, at most kSampleSide pixels a side.
inline recorte_rect sample_of(const recorte_rect& r) {
  const auto from = [](std::int64_t begin, std::int64_t length) {
    return begin + std::max<std::int64_t>(0, (length - kSampleSide) / 2);
  };
  return {from(r.x, r.width), from(r.y, r.height), std::min(r.width, kSampleSide),
          std::min(r.height, kSampleSide)};
}

/// All pixels of an image, row by row.
inline std::span<const float> pixels_of(recorte::Image& image) {
  return {image.row<float>(0).data(), static_cast<std::size_t>(image.width() * image.height())};
}

/// Declares the picture: grey or colour, with transparency.
inline void declare(const Job& job, const std::vector<std::uint32_t>& bands) {
  const auto name = view(job.bands()[bands[0]].name);
  const auto first = std::ranges::find(
      job.inputs(), name, [](const recorte_input& input) { return view(input.source->band); });
  job.declare({.input = static_cast<std::uint32_t>(first - job.inputs().begin()),
               .rect = job.target().rect,
               .bitpix = RECORTE_U8,
               .planes = bands.size() == 1 ? 2 : 4,
               .colour = true,
               .on_target = true});
}

}  // namespace colour
