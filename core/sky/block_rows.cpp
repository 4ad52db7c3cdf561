// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/block_rows.hpp"

#include "core/sky/edge_outline.hpp"
#include "core/sky/surroundings.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::sky {
namespace {

constexpr std::int64_t kLeaf = 16;  // pixels a side, tested one by one
constexpr double kAllowance = 1.5;  // for sky that bulges between a block's nine points

enum class Verdict { kInside, kOutside, kUnknown };

class Blocks {
 public:
  Blocks(std::span<const Arc> arcs, const PixelTest& test, const Wcs& wcs, const PixelRect& rect)
      : arcs_(arcs), test_(test), wcs_(wcs), rect_(rect), rows_(rect.width, rect.height) {
    for (const auto& arc : arcs_) speeds_.push_back(speed_of(arc));
  }

  RowToggles run() {
    block(rect_);
    rows_.arrange();
    return std::move(rows_);
  }

 private:
  void block(const PixelRect& r) {
    const Verdict verdict = judge(r);
    if (verdict == Verdict::kOutside) return;
    if (verdict == Verdict::kInside) {
      for (auto y = r.y; y < r.y + r.height; ++y) fill(y, r.x, r.x + r.width);
      return;
    }
    if (r.width <= kLeaf && r.height <= kLeaf) return pixels(r);
    const auto w = (r.width + 1) / 2;
    const auto h = (r.height + 1) / 2;
    for (const auto& part : {PixelRect{r.x, r.y, w, h}, PixelRect{r.x + w, r.y, r.width - w, h},
                             PixelRect{r.x, r.y + h, w, r.height - h},
                             PixelRect{r.x + w, r.y + h, r.width - w, r.height - h}})
      if (!part.empty()) block(part);
  }

  void fill(std::int64_t y, std::int64_t begin, std::int64_t end) {
    rows_.flip(y - rect_.y, begin - rect_.x);
    rows_.flip(y - rect_.y, end - rect_.x);
  }

  void pixels(const PixelRect& r) {
    std::vector<double> xy;
    for (auto y = r.y; y < r.y + r.height; ++y)
      for (auto x = r.x; x < r.x + r.width; ++x) {
        xy.push_back(static_cast<double>(x));
        xy.push_back(static_cast<double>(y));
      }
    const auto inside = test_(xy);
    auto pixel = inside.begin();
    for (auto y = r.y; y < r.y + r.height; ++y)
      for (auto x = r.x; x < r.x + r.width; ++x)
        if (*pixel++) fill(y, x, x + 1);
  }

  /// From nine pixels of the block. Where they lie farther apart than pixels do, the block is
  /// folded or cut, and only its parts can tell; where there are seams, a block all round a part
  /// without sky may look whole.
  Verdict judge(const PixelRect& r) const {
    const auto x = static_cast<double>(r.x);
    const auto y = static_cast<double>(r.y);
    const auto sky = nine_directions(wcs_, x, x + static_cast<double>(r.width - 1), y,
                                     y + static_cast<double>(r.height - 1));
    if (!sky) return Verdict::kUnknown;
    const double span = std::hypot(static_cast<double>(r.width) * wcs_.scale_x(),
                                   static_cast<double>(r.height) * wcs_.scale_y()) /
                        2;
    double radius = 0;
    const Vector& centre = (*sky)[4];
    for (const auto& v : *sky) radius = std::max(radius, separation(centre, v));
    if (radius > 3 * span || radius > 30) return Verdict::kUnknown;
    const Cap cap{centre, kAllowance * std::max(radius, span)};
    for (std::size_t i = 0; i < arcs_.size(); ++i)
      if (comes_near(cap, i, 0, 1)) return Verdict::kUnknown;
    if (!test_.holds(cap.centre)) return Verdict::kOutside;
    return wcs_.has_seams() ? Verdict::kUnknown : Verdict::kInside;
  }

  bool comes_near(const Cap& cap, std::size_t arc, double begin, double end) const {
    const double middle = (begin + end) / 2;
    const double half = speeds_[arc] * (end - begin) / 2;
    if (!meets({arcs_[arc](middle), half + 1e-12}, cap)) return false;
    return half < cap.radius / 2 || comes_near(cap, arc, begin, middle) ||
           comes_near(cap, arc, middle, end);
  }

  std::span<const Arc> arcs_;
  const PixelTest& test_;
  const Wcs& wcs_;
  const PixelRect rect_;
  std::vector<double> speeds_;
  RowToggles rows_;
};

}  // namespace

RowToggles block_rows(std::span<const Arc> arcs, const PixelTest& test, const Wcs& wcs,
                      const PixelRect& rect) {
  return Blocks(arcs, test, wcs, rect).run();
}

}  // namespace recorte::sky
