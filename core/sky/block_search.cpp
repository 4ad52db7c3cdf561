// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/block_search.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::sky {
namespace {

constexpr std::int64_t kLeaf = 16;  // pixels a side, tested corner by corner
// Degrees: a block so small without sky at nine points has none. Domains with cuts have thin
// spikes.
constexpr double kNoSky = 4;
constexpr double kNoSkyAmongCuts = 1;
constexpr int kPerPixel = 16;  // points along a side of the rectangle

class Search {
 public:
  Search(const Stencil& stencil, const Wcs& wcs, Touched& touched)
      : stencil_(stencil), cap_(bounding_cap(stencil, 0)), wcs_(wcs), touched_(touched) {}

  void block(const PixelRect& r) {
    if (touched_.covers(area_of(r))) return;
    if (r.width <= kLeaf && r.height <= kLeaf) return corners(r);
    if (elsewhere(r)) return;
    const auto w = (r.width + 1) / 2;
    const auto h = (r.height + 1) / 2;
    for (const auto& part : {PixelRect{r.x, r.y, w, h}, PixelRect{r.x + w, r.y, r.width - w, h},
                             PixelRect{r.x, r.y + h, w, r.height - h},
                             PixelRect{r.x + w, r.y + h, r.width - w, r.height - h}})
      if (!part.empty()) block(part);
  }

  void sides() {
    for (PixelRect before; !touched_.empty() && before != touched_.rect();) {
      before = touched_.rect();
      const Area a = area_of(before);
      line(a.x_min, a.y_min, a.x_max, a.y_min, before.width);
      line(a.x_min, a.y_max, a.x_max, a.y_max, before.width);
      line(a.x_min, a.y_min, a.x_min, a.y_max, before.height);
      line(a.x_max, a.y_min, a.x_max, a.y_max, before.height);
    }
  }

 private:
  static Area area_of(const PixelRect& r) {
    const auto x = static_cast<double>(r.x) - 0.5;
    const auto y = static_cast<double>(r.y) - 0.5;
    return {x, x + static_cast<double>(r.width), y, y + static_cast<double>(r.height)};
  }

  void put(double x, double y) {
    xy_.push_back(x);
    xy_.push_back(y);
  }

  void to_sky() {
    radec_.resize(xy_.size());
    wcs_.to_sky(xy_, radec_);
  }

  void add_those_inside() {
    to_sky();
    for (std::size_t i = 0; i < xy_.size(); i += 2)
      if (!std::isnan(radec_[i]) && contains(stencil_, to_vector({radec_[i], radec_[i + 1]})))
        touched_.add(xy_[i], xy_[i + 1]);
  }

  void corners(const PixelRect& r) {
    const Area a = area_of(r);
    xy_.clear();
    for (double y = a.y_min; y <= a.y_max; ++y)
      for (double x = a.x_min; x <= a.x_max; ++x) put(x, y);
    add_those_inside();
  }

  void line(double x0, double y0, double x1, double y1, std::int64_t pixels) {
    xy_.clear();
    const auto n = static_cast<double>(pixels * kPerPixel);
    for (double i = 0; i <= n; ++i) put(x0 + (x1 - x0) * (i / n), y0 + (y1 - y0) * (i / n));
    add_those_inside();
  }

  /// Whether nine points show that the block's sky does not meet the region. A block whose points
  /// lie farther apart than its pixels span is folded or cut: only its parts can tell.
  bool elsewhere(const PixelRect& r) {
    const Area a = area_of(r);
    xy_.clear();
    for (const double v : {0.0, 0.5, 1.0})
      for (const double u : {0.0, 0.5, 1.0})
        put(a.x_min + u * (a.x_max - a.x_min), a.y_min + v * (a.y_max - a.y_min));
    to_sky();
    const double span = std::hypot(static_cast<double>(r.width) * wcs_.scale_x(),
                                   static_cast<double>(r.height) * wcs_.scale_y()) /
                        2;
    const auto lost =
        std::count_if(radec_.begin(), radec_.end(), [](double d) { return std::isnan(d); });
    if (lost > 0) return lost == 18 && span < (wcs_.has_seams() ? kNoSkyAmongCuts : kNoSky);
    const auto point = [&](int i) { return to_vector({radec_[2 * i], radec_[2 * i + 1]}); };
    const Vector centre = point(4);
    double radius = 0;
    for (int i = 0; i < 9; ++i) radius = std::max(radius, separation(centre, point(i)));
    return radius < 3 * span && radius < 30 && !meets({centre, 1.5 * std::max(radius, span)}, cap_);
  }

  const Stencil& stencil_;
  const Cap cap_;
  const Wcs& wcs_;
  Touched& touched_;
  std::vector<double> xy_, radec_;
};

}  // namespace

void search_blocks(const Stencil& stencil, const Wcs& wcs, std::int64_t width, std::int64_t height,
                   Touched& touched) {
  Search search(stencil, wcs, touched);
  search.block({0, 0, width, height});
  search.sides();
}

}  // namespace recorte::sky
