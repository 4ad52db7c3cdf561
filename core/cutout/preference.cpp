// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/preference.hpp"

#include "core/base/text.hpp"
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

constexpr double kHair = 1e-6;  ///< pixels

/// Lower is better in each: coverage, depth, age. NaN is worst.
double worst_if_nan(double value) { return std::isnan(value) ? -INFINITY : value; }

/// Even steps from one end to the other, both included.
double step(double begin, double end, int n) { return begin + (end - begin) * n / (kPoints - 1); }

/// A stamp whose axes are north and east: places in its tangent plane.
std::vector<double> points_of_box(const sky::Box& box, double scale) {
  const auto degrees = [&](const Extent& e) {
    return e.unit == Extent::Unit::kPixel ? e.value * scale : e.value;
  };
  // The middles of the outermost pixels.
  const double w = std::max(0.0, degrees(box.width) - scale) * sky::kDegree;
  const double h = std::max(0.0, degrees(box.height) - scale) * sky::kDegree;
  const auto centre = sky::to_vector(box.centre);
  const auto north = sky::offset(centre, 0, 90);
  const auto east = sky::offset(centre, 90, 90);
  std::vector<double> out;
  for (int j = 0; j < kPoints; ++j)
    for (int i = 0; i < kPoints; ++i) {
      const double x = step(-w / 2, w / 2, i);
      const double y = step(-h / 2, h / 2, j);
      sky::Vector v{};
      for (std::size_t k = 0; k < 3; ++k) v[k] = centre[k] + x * east[k] + y * north[k];
      const auto place = sky::to_position(sky::normalised(v));
      out.insert(out.end(), {place.ra, place.dec});
    }
  return out;
}

/// Places of a region spread over its cap, each for as much of the sky; of a box, all the cap's.
std::vector<double> points_of_cap(const sky::Stencil& stencil, double scale) {
  const auto cap = sky::bounding_cap(stencil, scale);
  const double height = 1 - std::cos(std::min(cap.radius, 180.0) * sky::kDegree);
  std::vector<double> out;
  for (int j = 0; j < kPoints; ++j)
    for (int i = 0; i < kPoints; ++i) {
      const double distance = std::acos(1 - height * (j + 0.5) / kPoints) / sky::kDegree;
      const auto v = sky::offset(cap.centre, 360.0 * i / kPoints, distance);
      if (!std::holds_alternative<sky::Box>(stencil) && !sky::contains(stencil, v)) continue;
      const auto place = sky::to_position(v);
      out.insert(out.end(), {place.ra, place.dec});
    }
  return out;
}

/// Pixel centres of the region on the first image's grid, spread evenly, the outermost included;
/// where that grid has seams, which part the region, places on the sky.
std::vector<double> points_of(const Located& first, const CutoutRequest& request) {
  const auto* box = std::get_if<sky::Box>(&request.stencil);
  if (box && request.north_up)
    return points_of_box(*box,
                         request.pixscale > 0 ? request.pixscale : first.image->wcs->scale_x());
  if (first.image->wcs->has_seams())
    return points_of_cap(request.stencil, first.image->wcs->scale_x());
  const auto rect = sky::select_on_grid(request.stencil, *first.image->wcs);
  if (!rect) return {};
  std::vector<double> xy, radec, out;
  for (int j = 0; j < kPoints; ++j)
    for (int i = 0; i < kPoints; ++i) {
      const auto at = [](std::int64_t begin, std::int64_t length, int n) {
        const auto first_pixel = static_cast<double>(begin);
        return std::round(step(first_pixel, first_pixel + static_cast<double>(length - 1), n));
      };
      xy.insert(xy.end(), {at(rect->x, rect->width, i), at(rect->y, rect->height, j)});
    }
  radec.resize(xy.size());
  first.image->wcs->to_sky(xy, radec);
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
    const auto within = [](double v, std::int64_t length) {  // a border is of both its sides
      return v > -0.5 - kHair && v < static_cast<double>(length) - 0.5 + kHair;
    };
    if (covered[i] || !within(x, info.width) || !within(y, info.height)) continue;
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
  // A stamp turned against its image may leave it at the corners.
  const bool turned = request.north_up && std::holds_alternative<sky::Box>(request.stencil);
  const bool covers = images.front().selection.coverage >= 1 && !turned;
  if (images.size() == 1 || how_many == HowMany::kOne || covers) return only_first();
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

void warn_of_gap(const Located& best, std::vector<std::string>& warnings) {
  if (best.selection.coverage >= kAsMuch) return;
  warnings.push_back("the image " + best.source.id + " covers only " +
                     number_text(std::round(1000 * best.selection.coverage) / 10) +
                     " % of the region");
}

}  // namespace recorte::cutout
