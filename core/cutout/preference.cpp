// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/preference.hpp"

#include "core/cutout/grid_map.hpp"
#include "core/sky/selection.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace recorte::cutout {
namespace {

/// Images whose coverage is this near to the best count as covering as much.
constexpr double kAsMuch = 0.99;
/// Points looked at along each side of a region to find who covers it.
constexpr int kPoints = 64;

/// Lower is better in each: coverage, depth, age. NaN is worst.
double worst_if_nan(double value) { return std::isnan(value) ? -INFINITY : value; }

/// Pixel centres of the region on the first image's grid, spread evenly, the outermost included.
std::vector<double> points_of(const Located& first, const CutoutRequest& request) {
  const auto rect = sky::select_on_grid(request.stencil, *first.image->wcs);
  if (!rect) return {};
  const bool box = std::holds_alternative<sky::Box>(request.stencil);
  std::vector<double> xy, radec;
  for (int j = 0; j < kPoints; ++j)
    for (int i = 0; i < kPoints; ++i) {
      const auto at = [&](std::int64_t begin, std::int64_t length, int n) {
        return std::round(static_cast<double>(begin) +
                          static_cast<double>(length - 1) * n / (kPoints - 1));
      };
      xy.insert(xy.end(), {at(rect->x, rect->width, i), at(rect->y, rect->height, j)});
    }
  radec.resize(xy.size());
  first.image->wcs->to_sky(xy, radec);
  std::vector<double> out;
  for (std::size_t i = 0; i < radec.size(); i += 2) {
    if (std::isnan(radec[i])) continue;
    if (box || sky::contains(request.stencil, sky::to_vector({radec[i], radec[i + 1]})))
      out.insert(out.end(), {radec[i], radec[i + 1]});
  }
  return out;
}

/// Marks the points on the image; whether there was a new one.
bool add_covered(const Located& located, const std::vector<double>& radec,
                 std::vector<bool>& covered) {
  const auto& info = located.image->info;
  std::vector<double> xy(radec.size());
  located.image->wcs->to_pixel(radec, xy);
  bool any = false;
  for (std::size_t i = 0; i < covered.size(); ++i) {
    const double x = xy[2 * i];
    const double y = xy[2 * i + 1];
    if (covered[i] || !(x > -0.5 && x < static_cast<double>(info.width) - 0.5 && y > -0.5 &&
                        y < static_cast<double>(info.height) - 0.5))
      continue;
    covered[i] = any = true;
  }
  return any;
}

bool same_time(const Source& a, const Source& b) {
  return a.t_min <= b.t_max && b.t_min <= a.t_max;  // false where a time is not known
}

}  // namespace

void order(std::vector<Located>& images, Epochs epochs) {
  double most = 0;
  for (const auto& i : images) most = std::max(most, i.selection.coverage);
  auto key = [&](const Located& i) {
    const double coverage = i.selection.coverage;
    const double depth =
        worst_if_nan(std::isnan(i.source.depth) ? i.source.exptime : i.source.depth);
    const double time = worst_if_nan(i.source.t_max);
    const double much = coverage >= kAsMuch * most ? 1 : coverage;
    return epochs == Epochs::kLatest ? std::tuple(much, time, coverage, depth)
                                     : std::tuple(coverage, depth, time, 0.0);
  };
  std::stable_sort(images.begin(), images.end(), [&](const Located& a, const Located& b) {
    const auto ka = key(a);
    const auto kb = key(b);
    return ka != kb ? ka > kb : a.source.id < b.source.id;
  });
}

double keep_needed(std::vector<Located>& images, const CutoutRequest& request, HowMany how_many,
                   bool epochs) {
  if (images.empty()) return 0;
  const auto only_first = [&] {
    images.erase(images.begin() + 1, images.end());
    return images.front().selection.coverage;
  };
  if (images.size() == 1 || how_many == HowMany::kOne || images.front().selection.coverage >= 1)
    return only_first();
  const auto radec = points_of(images.front(), request);
  if (radec.empty()) return only_first();
  std::vector<bool> covered(radec.size() / 2, false);
  std::vector<Located> needed;
  for (auto& image : images) {
    const bool may = needed.empty() || !epochs || same_time(image.source, needed.front().source);
    if (may && add_covered(image, radec, covered)) needed.push_back(std::move(image));
    if (needed.empty()) return only_first();  // a sliver between the points
  }
  images = std::move(needed);
  if (images.size() == 1) return images.front().selection.coverage;
  return static_cast<double>(std::count(covered.begin(), covered.end(), true)) /
         static_cast<double>(covered.size());
}

}  // namespace recorte::cutout
