// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/resample.hpp"

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/services/services.hpp"
#include "core/image/mapping.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recorte::cutout {
namespace {

/// Rows mapped at a time: what is held does not grow with the window.
constexpr std::int64_t kBandRows = 64;
/// Grids whose pixels agree to this are one grid.
constexpr double kSameGrid = 1e-6;

/// The whole-pixel shift between two grids, where that is all that lies between them.
std::optional<sky::Pixel> shift_between(const image::PointMap& map, const sky::PixelRect& rect) {
  const double x = static_cast<double>(rect.x);
  const double y = static_cast<double>(rect.y);
  const double w = static_cast<double>(rect.width - 1);
  const double h = static_cast<double>(rect.height - 1);
  const std::array<double, 10> in{x, y, x + w, y, x, y + h, x + w, y + h, x + w / 2, y + h / 2};
  std::array<double, 10> out{};
  map(in, out);
  const sky::Pixel shift{std::round(out[0] - x), std::round(out[1] - y)};
  for (std::size_t i = 0; i < 5; ++i)
    if (!(std::abs(out[2 * i] - in[2 * i] - shift.x) < kSameGrid &&
          std::abs(out[2 * i + 1] - in[2 * i + 1] - shift.y) < kSameGrid))
      return {};
  return shift;
}

/// The smallest rectangle of `bounds` that the kernel needs around the places.
sky::PixelRect needed(std::span<const double> places, int reach, const sky::PixelRect& bounds) {
  double x0 = INFINITY;
  double y0 = INFINITY;
  double x1 = -INFINITY;
  double y1 = -INFINITY;
  for (std::size_t i = 0; i + 1 < places.size(); i += 2) {
    if (!std::isfinite(places[i]) || !std::isfinite(places[i + 1])) continue;
    x0 = std::min(x0, places[i]), x1 = std::max(x1, places[i]);
    y0 = std::min(y0, places[i + 1]), y1 = std::max(y1, places[i + 1]);
  }
  if (!(x0 <= x1)) return {};
  const double limit = 1e15;
  auto whole = [&](double v) { return static_cast<std::int64_t>(std::clamp(v, -limit, limit)); };
  const auto left = whole(std::floor(x0)) - reach;
  const auto bottom = whole(std::floor(y0)) - reach;
  return sky::intersection({left, bottom, whole(std::ceil(x1)) + reach + 1 - left,
                            whole(std::ceil(y1)) + reach + 1 - bottom},
                           bounds);
}

Result<plugin::ImageRef> onto(AlgorithmRun& run, std::size_t input, recorte_role role,
                              std::size_t grid, const sky::PixelRect& rect, image::Kernel kernel) {
  const auto& images = run.location().images;
  if (input >= images.size() || grid >= images.size())
    return fail(ErrorCode::kPlugin, "resample: there is no such input");
  if (!sane(rect))
    return fail(ErrorCode::kPlugin, "resample: the rectangle asked for makes no sense");
  if (input == grid) return run.read(input, role, rect, RECORTE_F32);
  const auto& from = *images[grid].image->wcs;
  const auto& to = *images[input].image->wcs;
  const image::PointMap map = [&](std::span<const double> in, std::span<double> out) {
    from.to_sky(in, out);
    to.to_pixel(std::vector<double>(out.begin(), out.end()), out);
  };
  if (const auto shift = shift_between(map, rect))
    return run.read(
        input, role,
        {rect.x + std::llround(shift->x), rect.y + std::llround(shift->y), rect.width, rect.height},
        RECORTE_F32);

  auto out = plugin::new_image(run.call(), RECORTE_F32, rect.width, rect.height, 1);
  if (!out) return fail(std::move(out).error());
  const auto& info = images[input].image->info;
  for (std::int64_t y = 0; y < rect.height; y += kBandRows) {
    if (run.call().cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(kBandRows, rect.height - y);
    const auto places = image::map_pixels(map, rect.x, rect.y + y, rect.width, rows);
    const auto patch = needed(places, image::reach(kernel), {0, 0, info.width, info.height});
    auto row = [&](std::int64_t j) {
      return reinterpret_cast<float*>(static_cast<std::byte*>((*out)->pixels) +
                                      (y + j) * (*out)->row_bytes);
    };
    if (patch.empty()) {
      for (std::int64_t j = 0; j < rows; ++j)
        std::fill_n(row(j), rect.width, std::numeric_limits<float>::quiet_NaN());
      continue;
    }
    auto pixels = run.read(input, role, patch, RECORTE_F32);
    if (!pixels) return fail(std::move(pixels).error());
    const image::Patch source{static_cast<const float*>((*pixels)->pixels),
                              (*pixels)->row_bytes / static_cast<std::int64_t>(sizeof(float)),
                              patch.x,
                              patch.y,
                              patch.width,
                              patch.height};
    const auto width = static_cast<std::size_t>(rect.width);
    for (std::int64_t j = 0; j < rows; ++j)
      image::interpolate(
          source, kernel,
          std::span(places).subspan(2 * static_cast<std::size_t>(j) * width, 2 * width),
          {row(j), width});
  }
  return out;
}

}  // namespace

const recorte_resample* resample_service() {
  static constexpr recorte_resample table{
      sizeof(recorte_resample), 0,
      [](const recorte_job* job, std::uint32_t input, recorte_role role, std::uint32_t grid,
         const recorte_rect* rect, recorte_kernel kernel, recorte_image** out,
         recorte_error* err) -> recorte_status {
        return plugin::serve_plugin(err, [&]() -> Status {
          if (kernel < RECORTE_NEAREST || kernel > RECORTE_LANCZOS3)
            return fail(ErrorCode::kPlugin, "resample: there is no such kernel");
          auto image = onto(AlgorithmRun::of(job), input, role, grid,
                            {rect->x, rect->y, rect->width, rect->height},
                            static_cast<image::Kernel>(kernel));
          if (!image) return fail(std::move(image).error());
          *out = image->release();
          return {};
        });
      }};
  return &table;
}

}  // namespace recorte::cutout
