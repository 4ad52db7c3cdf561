// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/selection.hpp"

#include "core/base/text.hpp"
#include "core/sky/block_search.hpp"
#include "core/sky/edge_trace.hpp"
#include "core/sky/image_cap.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace recorte::sky {
namespace {

constexpr double kLargestBox = 0x1p31;  // pixels
constexpr double kPlain = 45;  // degrees: a smaller region holds no projection's whole seam
constexpr int kSamples = 2000;

/// The part of the region's area whose pixels are on the image, from directions spread evenly over
/// its cap along a spiral.
double sampled_coverage(const Stencil& stencil, const Wcs& wcs, const Area& image) {
  const Cap cap = bounding_cap(stencil, 0);
  const double depth = 1 - std::cos(cap.radius * kDegree);
  std::vector<double> radec;
  for (int i = 0; i < kSamples; ++i) {
    const double distance = std::acos(1 - depth * (i + 0.5) / kSamples) / kDegree;
    const Vector v = offset(cap.centre, std::fmod(137.50776405003785 * i, 360), distance);
    if (!contains(stencil, v)) continue;
    const Position position = to_position(v);
    radec.push_back(position.ra);
    radec.push_back(position.dec);
  }
  std::vector<double> xy(radec.size());
  wcs.to_pixel(radec, xy);
  double on_image = 0;
  for (std::size_t i = 0; i < xy.size(); i += 2) on_image += image.holds(xy[i], xy[i + 1]);
  const double all = std::max(static_cast<double>(xy.size() / 2), 1.0);
  return std::max(on_image, 1.0) / all;
}

/// The bounding rectangle of a region on the endless plane, where its edge alone tells.
std::optional<PixelRect> unclipped(std::span<const Arc> arcs, const Wcs& wcs, const Cap& region) {
  if (region.radius > kPlain) return {};
  if (const auto hole = wcs.antipode(); hole && meets(region, {*hole, 1})) return {};
  constexpr double kEverywhere = 1e14;
  const Area plane{-kEverywhere, kEverywhere, -kEverywhere, kEverywhere};
  Touched touched(plane);
  if (trace_edge(arcs, wcs, plane, {region.centre, 180}, touched).broken || touched.empty())
    return {};
  return touched.rect();
}

Selection select_region(const Stencil& stencil, const Wcs& wcs, std::int64_t width,
                        std::int64_t height) {
  const Area image = Area::of_image(width, height);
  const ImageCap sky = image_cap(wcs, width, height, 4);
  const Cap region = bounding_cap(stencil, 0);
  if (!meets(region, sky.cap)) return {};

  Touched touched(image);
  const bool plain = sky.corners_on_sky && !wcs.has_seams();
  bool corner_inside = false;
  for (int i = 0; i < 4; ++i) {
    if (std::isnan(sky.corners[i][0]) || !contains(stencil, sky.corners[i])) continue;
    corner_inside = true;
    touched.add(i % 2 == 0 ? image.x_min : image.x_max, i < 2 ? image.y_min : image.y_max);
  }
  const auto arcs = edge(stencil);
  const Trace trace = trace_edge(arcs, wcs, image, sky.cap, touched);
  const bool within = plain && !trace.left_area && !trace.broken && !corner_inside;
  if (within && region.radius <= kPlain) return {touched.rect(), touched.empty() ? 0.0 : 1.0};

  const auto whole = unclipped(arcs, wcs, region);
  // Where each pixel has a sky and neighbours stay neighbours, the edge bounds the region's pixels.
  // So it does where the edge crosses no border of the plane and the region is too small to hold
  // one.
  if (!plain && !whole) search_blocks(stencil, wcs, width, height, touched);

  Selection selection{touched.rect(), 0};
  const auto& rect = selection.rect;
  if (rect.empty()) return selection;
  selection.coverage =
      whole ? static_cast<double>(rect.width) / static_cast<double>(whole->width) *
                  (static_cast<double>(rect.height) / static_cast<double>(whole->height))
            : sampled_coverage(stencil, wcs, image);
  selection.coverage = std::min(selection.coverage, 1.0);
  return selection;
}

Result<std::int64_t> box_pixels(const Extent& size, double scale) {
  const double pixels = std::max(
      1.0, std::round(size.unit == Extent::Unit::kPixel ? size.value : size.value / scale));
  if (!(pixels <= kLargestBox))
    return fail(ErrorCode::kTooLarge, "the box size " + extent_text(size) + " is " +
                                          number_text(pixels) +
                                          " pixels of this image, above 2147483648; ask for less");
  return static_cast<std::int64_t>(pixels);
}

/// Empty where the middle has no pixel.
Result<PixelRect> box_on_grid(const Box& box, const Wcs& wcs) {
  const auto w = box_pixels(box.width, wcs.scale_x());
  if (!w) return fail(w.error());
  const auto h = box_pixels(box.height, wcs.scale_y());
  if (!h) return fail(h.error());
  const Pixel at = wcs.to_pixel(box.centre);
  constexpr double kFar = 1e15;
  if (!(std::abs(at.x) < kFar && std::abs(at.y) < kFar)) return PixelRect{};
  const auto start = [](double position, std::int64_t size) {
    return static_cast<std::int64_t>(
        std::floor(position - static_cast<double>(size - 1) / 2 + 0.5));
  };
  return PixelRect{start(at.x, *w), start(at.y, *h), *w, *h};
}

Result<Selection> select_box(const Box& box, const Wcs& wcs, std::int64_t width,
                             std::int64_t height) {
  const auto rect = box_on_grid(box, wcs);
  if (!rect) return fail(rect.error());
  const auto on_image = intersection(*rect, {0, 0, width, height});
  if (on_image.empty()) return Selection{};
  const auto part = [](std::int64_t inside, std::int64_t all) {
    return static_cast<double>(inside) / static_cast<double>(all);
  };
  return Selection{*rect, part(on_image.width, rect->width) * part(on_image.height, rect->height)};
}

}  // namespace

Result<Selection> select(const Stencil& stencil, const Wcs& wcs, std::int64_t width,
                         std::int64_t height) {
  if (width <= 0 || height <= 0) return Selection{};
  if (const auto* box = std::get_if<Box>(&stencil)) return select_box(*box, wcs, width, height);
  return select_region(stencil, wcs, width, height);
}

Result<PixelRect> select_on_grid(const Stencil& stencil, const Wcs& wcs) {
  if (const auto* box = std::get_if<Box>(&stencil)) {
    auto rect = box_on_grid(*box, wcs);
    if (rect && rect->empty())
      return fail(ErrorCode::kUsage, "the position has no pixel on the grid of the images");
    return rect;
  }
  const Cap region = bounding_cap(stencil, 0);
  const auto rect = unclipped(edge(stencil), wcs, region);
  if (!rect)
    return fail(ErrorCode::kTooLarge,
                "the region, of " + number_text(region.radius) +
                    " degrees in radius, is too large for one grid; ask for a smaller one");
  return *rect;
}

}  // namespace recorte::sky
