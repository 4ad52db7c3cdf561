// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/regrid.hpp"

#include "core/cutout/grid_map.hpp"
#include "core/cutout/typed.hpp"
#include "core/image/area_average.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace recorte::cutout {
namespace {

using sky::PixelRect;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
/// Points worked on at a time: what is held does not grow with the window, and a cancellation does
/// not wait long.
constexpr std::int64_t kChunk = 1 << 20;
/// A grid whose pixels are larger by less than this is not coarser.
constexpr double kCoarser = 1.01;
constexpr std::int64_t kBlock = 1024;       // points, along each side of a block
constexpr std::int64_t kMostPoints = 1024;  // a pixel, along each axis

std::int64_t whole(double v) {
  constexpr double kLimit = 1e15;
  return static_cast<std::int64_t>(std::clamp(v, -kLimit, kLimit));
}

/// The pixels of `bounds` from `x0` to `x1`, `y0` to `y1`, and `reach` more on each side.
PixelRect around(double x0, double x1, double y0, double y1, int reach, const PixelRect& bounds) {
  if (!(x0 <= x1)) return {};
  const auto left = whole(std::floor(x0)) - reach;
  const auto bottom = whole(std::floor(y0)) - reach;
  return sky::intersection({left, bottom, whole(std::ceil(x1)) + reach + 1 - left,
                            whole(std::ceil(y1)) + reach + 1 - bottom},
                           bounds);
}

/// The part of `bounds` that the kernel needs around the places.
PixelRect needed(std::span<const double> places, int reach, const PixelRect& bounds) {
  double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
  for (std::size_t i = 0; i + 1 < places.size(); i += 2) {
    if (!std::isfinite(places[i]) || !std::isfinite(places[i + 1])) continue;
    x0 = std::min(x0, places[i]), x1 = std::max(x1, places[i]);
    y0 = std::min(y0, places[i + 1]), y1 = std::max(y1, places[i + 1]);
  }
  return around(x0, x1, y0, y1, reach, bounds);
}

image::Patch patch_of(const recorte_image& pixels, const PixelRect& r) {
  return {static_cast<const float*>(pixels.pixels),
          pixels.row_bytes / static_cast<std::int64_t>(sizeof(float)),
          r.x,
          r.y,
          r.width,
          r.height};
}

/// What is the same for every chunk of one regridding.
struct Work {
  AlgorithmRun& run;
  const sky::Wcs* grid;
  std::size_t input;
  recorte_role role;
  PixelRect bounds;  ///< the input's own pixels
  recorte_image& out;
  PixelRect rect;

  Status cancelled() const {
    if (run.call().cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    return {};
  }
};

/// Coarse rows [first, first + count), out of fine rows that are read a chunk at a time.
Status average_rows(Work& work, const AxisAligned& map, std::int64_t first, std::int64_t count) {
  const auto width = static_cast<std::size_t>(work.rect.width);
  const auto x_last = work.rect.x + work.rect.width - 1;
  const auto needs = around(map.x.begin(work.rect.x), map.x.end(x_last), map.y.begin(first),
                            map.y.end(first + count - 1), 1, work.bounds);
  std::vector<image::AreaRow> rows;
  for (std::int64_t j = 0; j < count; ++j)
    rows.emplace_back(map.x, map.y, work.rect.x, first + j, width);
  const auto step = std::max<std::int64_t>(1, kChunk / std::max<std::int64_t>(1, needs.width));
  for (std::int64_t y = 0; !needs.empty() && y < needs.height; y += step) {
    RECORTE_TRY(work.cancelled());
    const PixelRect patch{needs.x, needs.y + y, needs.width, std::min(step, needs.height - y)};
    auto pixels = work.run.read(work.input, work.role, patch, RECORTE_F32);
    if (!pixels) return fail(std::move(pixels).error());
    for (auto& row : rows) row.add(patch_of(**pixels, patch));
  }
  for (std::int64_t j = 0; j < count; ++j)
    rows[static_cast<std::size_t>(j)].result(
        {row_of<float>(work.out, first - work.rect.y + j), width});
  return {};
}

Status average(Work& work, const AxisAligned& map) {
  const double fine = map.x.scale * map.y.scale * static_cast<double>(work.rect.width);
  const auto rows = std::max<std::int64_t>(1, whole(static_cast<double>(kChunk) / fine));
  for (std::int64_t y = 0; y < work.rect.height; y += rows)
    RECORTE_TRY(average_rows(work, map, work.rect.y + y, std::min(rows, work.rect.height - y)));
  return {};
}

/// Means of points x points values that lie row by row; NaN counts for nothing.
void average_points(std::span<const float> values, std::int64_t width, std::int64_t points,
                    float* out) {
  for (std::int64_t x = 0; x < width; ++x) {
    double sum = 0;
    int count = 0;
    for (std::int64_t j = 0; j < points; ++j)
      for (std::int64_t i = 0; i < points; ++i) {
        const auto v =
            static_cast<double>(values[static_cast<std::size_t>((j * width + x) * points + i)]);
        if (!std::isnan(v)) sum += v, ++count;
      }
    out[x] = count > 0 ? static_cast<float>(sum / count) : kNaN;
  }
}

/// `points` x `points` places in each pixel of the grid.
image::PointMap finer(const image::PointMap& map, std::int64_t points) {
  const auto n = static_cast<double>(points);
  return [&map, n](std::span<const double> in, std::span<double> out) {
    std::vector<double> pixels(in.begin(), in.end());
    for (auto& v : pixels) v = (v + 0.5) / n - 0.5;
    map(pixels, out);
  };
}

/// The places of a block's points on the input, kept for the block's other planes.
struct Places {
  const sky::Wcs* grid = nullptr;
  std::size_t input = 0;
  PixelRect block;
  bool exact = false;
  std::vector<double> xy = {};
  bool same(const Places& o) const {
    return grid == o.grid && input == o.input && block == o.block && exact == o.exact;
  }
};

const std::vector<double>& places_of(AlgorithmRun& run, Places wanted, const image::PointMap& map) {
  auto& kept = run.kept("places");
  const auto* known = std::any_cast<Places>(&kept);
  if (!known || !known->same(wanted)) {
    const auto& b = wanted.block;
    wanted.xy = image::map_pixels(map, b.x, b.y, b.width, b.height, wanted.exact ? 0 : 1e-4);
    kept = std::move(wanted);
  }
  return std::any_cast<Places&>(kept).xy;
}

/// One block of the grid: `block` in points, `points` of them along each side of a pixel.
Status interpolate_block(Work& work, const image::PointMap& map, const PixelRect& block,
                         std::int64_t points, const Regrid& how) {
  RECORTE_TRY(work.cancelled());
  const auto& places = places_of(work.run, {work.grid, work.input, block, how.exact}, map);
  const auto patch = needed(places, image::reach(how.kernel), work.bounds);
  const auto x = block.x / points - work.rect.x;
  const auto y = block.y / points - work.rect.y;
  const auto width = block.width / points;
  const auto height = block.height / points;
  if (patch.empty()) {
    for (std::int64_t j = 0; j < height; ++j)
      std::fill_n(row_of<float>(work.out, y + j) + x, width, kNaN);
    return {};
  }
  auto pixels = work.run.read(work.input, work.role, patch, RECORTE_F32);
  if (!pixels) return fail(std::move(pixels).error());
  const auto source = patch_of(**pixels, patch);
  const auto per_row = static_cast<std::size_t>(block.width * points);
  std::vector<float> values(points > 1 ? per_row : 0);
  for (std::int64_t j = 0; j < height; ++j) {
    if (j % 64 == 63) RECORTE_TRY(work.cancelled());
    const auto at =
        std::span(places).subspan(2 * static_cast<std::size_t>(j) * per_row, 2 * per_row);
    float* out = row_of<float>(work.out, y + j) + x;
    if (points == 1) {
      image::interpolate(source, how.kernel, at, {out, per_row});
    } else {
      image::interpolate(source, how.kernel, at, values);
      average_points(values, width, points, out);
    }
  }
  return {};
}

/// By square blocks, so that a turned image is read about once, and what is held is bounded.
template <class Use>
Status each_block(const PixelRect& rect, std::int64_t points, bool exact, Use&& use) {
  const std::int64_t side = std::max<std::int64_t>(1, (exact ? kBlock / 4 : kBlock) / points);
  for (std::int64_t y = 0; y < rect.height; y += side)
    for (std::int64_t x = 0; x < rect.width; x += side)
      RECORTE_TRY(use(PixelRect{(rect.x + x) * points, (rect.y + y) * points,
                                std::min(side, rect.width - x) * points,
                                std::min(side, rect.height - y) * points}));
  return {};
}

Status interpolate(Work& work, const image::PointMap& map, std::int64_t points, const Regrid& how) {
  const auto fine = points > 1 ? finer(map, points) : map;
  return each_block(work.rect, points, how.exact, [&](const PixelRect& block) {
    return interpolate_block(work, fine, block, points, how);
  });
}

Result<std::int64_t> points_a_pixel(const sky::Wcs& grid, const sky::Wcs& input) {
  const double ratio = std::max(grid.scale_x() / input.scale_x(), grid.scale_y() / input.scale_y());
  if (!(ratio > kCoarser)) return 1;
  if (ratio > static_cast<double>(kMostPoints))
    return fail(
        ErrorCode::kTooLarge,
        "the pixels asked for are more than " + std::to_string(kMostPoints) +
            " times as large as the images'; ask for smaller ones (pixscale, width, height)");
  return std::max<std::int64_t>(1, std::llround(ratio));
}

/// At the border of a projection: what is known of the corners.
double mean_of_known(const std::array<double, 4>& corners) {
  double sum = 0;
  int known = 0;
  for (const double corner : corners)
    if (std::isfinite(corner)) sum += corner, ++known;
  return known > 0 ? sum / known : 1;
}

}  // namespace

std::string why_not_resampled(const Located& located) {
  const auto planes = located.planes.planes();
  if (planes == 1) return "";
  return "the image " + located.source.id + " is a cube of " + std::to_string(planes) +
         " planes, which are not resampled; choose one by wavelength, polarization or time, or ask "
         "for algorithm=cut";
}

Result<plugin::ImageRef> regrid(AlgorithmRun& run, std::size_t input, recorte_role role,
                                const sky::Wcs& grid, const PixelRect& rect, const Regrid& how) {
  const auto& image = *run.location().images[input].image;
  if (auto why = why_not_resampled(run.location().images[input]); !why.empty())
    return fail(ErrorCode::kUsage, std::move(why));
  const auto map = grid_map(grid, *image.wcs);
  if (const auto shift = whole_shift(map, rect))
    return run.read(input, role, {rect.x + shift->x, rect.y + shift->y, rect.width, rect.height},
                    RECORTE_F32);
  auto out = plugin::new_image(run.call(), RECORTE_F32, rect.width, rect.height, 1);
  if (!out) return out;
  Work work{run, &grid, input, role, {0, 0, image.info.width, image.info.height}, **out, rect};
  const auto aligned = axis_aligned(map, rect);
  const bool coarser = aligned && aligned->x.scale > kCoarser && aligned->y.scale > kCoarser;
  if (coarser) {
    RECORTE_TRY(average(work, *aligned));
    return out;
  }
  const auto points = points_a_pixel(grid, *image.wcs);
  if (!points) return fail(points.error());
  RECORTE_TRY(interpolate(work, map, *points, how));
  return out;
}

Status nearest_pixels(AlgorithmRun& run, std::size_t input, recorte_role role, const sky::Wcs& grid,
                      const PixelRect& rect, bool exact, const UsePixel& use) {
  auto plane = run.plane(input, role);
  if (!plane) return fail(std::move(plane).error());
  const auto& located = *run.location().images[input].image;
  const auto map = grid_map(grid, *located.wcs);
  const auto points = points_a_pixel(grid, *located.wcs);
  if (!points) return fail(points.error());
  const auto fine = *points > 1 ? finer(map, *points) : map;
  const auto bytes = fits::bytes_of((*plane)->info.hdu.bitpix);
  return each_block(rect, *points, exact, [&](const PixelRect& block) -> Status {
    if (run.call().cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto& places = places_of(run, {&grid, input, block, exact}, fine);
    const auto patch = needed(places, image::reach(image::Kernel::kNearest),
                              {0, 0, located.info.width, located.info.height});
    if (patch.empty()) return {};
    auto pixels = run.read(input, role, patch, 0);
    if (!pixels) return fail(std::move(pixels).error());
    const auto* first = static_cast<const std::byte*>((*pixels)->pixels);
    for (std::int64_t i = 0; i < block.width * block.height; ++i) {
      const double px = places[static_cast<std::size_t>(2 * i)];
      const double py = places[static_cast<std::size_t>(2 * i + 1)];
      if (std::isnan(px) || std::isnan(py)) continue;
      const auto column = whole(std::floor(px + 0.5)) - patch.x;
      const auto row = whole(std::floor(py + 0.5)) - patch.y;
      if (column < 0 || row < 0 || column >= patch.width || row >= patch.height) continue;
      use(block.x / *points - rect.x + i % block.width / *points,
          block.y / *points - rect.y + i / block.width / *points,
          first + row * (*pixels)->row_bytes + column * bytes);
    }
    return {};
  });
}

AreaRatios area_ratios(const sky::Wcs& grid, const sky::Wcs& input, const PixelRect& rect) {
  AreaRatios out;
  out.step = 64;
  out.across = rect.width / out.step + 2;
  out.up = rect.height / out.step + 2;
  std::vector<double> in;
  for (std::int64_t j = 0; j < out.up; ++j)
    for (std::int64_t i = 0; i < out.across; ++i) {
      const auto x = static_cast<double>(rect.x + i * out.step);
      const auto y = static_cast<double>(rect.y + j * out.step);
      in.insert(in.end(), {x - .5, y, x + .5, y, x, y - .5, x, y + .5});
    }
  std::vector<double> p(in.size());
  grid_map(grid, input)(in, p);
  for (std::size_t i = 0; i < p.size(); i += 8)
    out.nodes.push_back(std::abs((p[i + 2] - p[i]) * (p[i + 7] - p[i + 5]) -
                                 (p[i + 6] - p[i + 4]) * (p[i + 3] - p[i + 1])));
  return out;
}

void AreaRatios::row(std::int64_t y, std::span<double> out) const {
  const double v = static_cast<double>(y % step) / static_cast<double>(step);
  const auto* n = &nodes[static_cast<std::size_t>(y / step * across)];
  for (std::size_t x = 0; x < out.size(); ++n) {
    const std::array corners{n[0], n[1], n[across], n[across + 1]};
    double left = (1 - v) * n[0] + v * n[across];
    double right = (1 - v) * n[1] + v * n[across + 1];
    if (!std::isfinite(left + right)) left = right = mean_of_known(corners);
    const double slope = (right - left) / static_cast<double>(step);
    for (std::int64_t i = 0; i < step && x < out.size(); ++i)
      out[x++] = left + static_cast<double>(i) * slope;
  }
}

}  // namespace recorte::cutout
