// SPDX-License-Identifier: BSD-3-Clause
//
// From footprints to cells: a cell that lies wholly inside or outside is taken or left as it is,
// any other is looked at by its quarters, down to the smallest.
#include "core/sky/arcs.hpp"
#include "core/sky/moc.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::sky {
namespace {

/// Cells across an image, where there are few images, and where there are very many; and along the
/// edges of all together.
constexpr double kMostAcross = 256, kFewestAcross = 4, kMostAtEdges = 4e5;
constexpr int kCoarsestOrder = 3;
/// By how much a cell may reach beyond its corners, and arithmetic err.
constexpr double kGenerous = 1.02;

/// One footprint, as cells see it.
class Shape {
 public:
  explicit Shape(const Footprint& footprint) : footprint_(footprint) {
    if (!footprint.outline.empty()) around_ = cap_of_polygon(footprint.outline);
  }

  bool holds(const Vector& direction) const {
    const auto& [cap, outline] = footprint_;
    return outline.empty() ? separation(cap.centre, direction) <= cap.radius
                           : polygon_holds(outline, around_, direction);
  }
  /// Degrees from its edge.
  double from_edge(const Vector& direction) const {
    const auto& [cap, outline] = footprint_;
    if (outline.empty())
      return cap.radius >= 180 ? 180 : std::abs(separation(cap.centre, direction) - cap.radius);
    double nearest = 180;
    for (std::size_t i = 0; i < outline.size(); ++i)
      nearest = std::min(nearest,
                         distance_to_arc(direction, outline[i], outline[(i + 1) % outline.size()]));
    return nearest;
  }
  bool may_meet(const Cap& cap) const { return meets(footprint_.cap, cap); }

 private:
  const Footprint& footprint_;
  Cap around_;
};

int order_for(double radius, double across) {
  if (!(radius > 0)) return kDeepestOrder;
  const auto order = std::floor(std::log2(side_of_cells(0) * across / (2 * radius)));
  return static_cast<int>(std::clamp<double>(order, kCoarsestOrder, kDeepestOrder));
}

class Cover {
 public:
  void add(const Footprint& footprint, int order) {
    const Shape shape(footprint);
    order_ = order;
    finest_ = std::max(finest_, order);
    for (std::uint64_t face = 0; face < kFaces; ++face) look(shape, {0, face});
    if (touched_.size() > kMany) {
      touched_ = Moc(finest_, std::move(touched_)).ranges();
      held_ = Moc(finest_, std::move(held_)).ranges();
    }
  }

  Coverage finish() { return {Moc(finest_, std::move(touched_)), Moc(finest_, std::move(held_))}; }

 private:
  static constexpr std::size_t kMany = 4'000'000;

  void look(const Shape& shape, const Cell& cell) {
    auto cap = cap_of(cell);
    cap.radius *= kGenerous;
    if (!shape.may_meet(cap)) return;
    const bool holds = shape.holds(cap.centre);
    const bool at_edge = shape.from_edge(cap.centre) <= cap.radius;
    if (!holds && !at_edge) return;
    if (at_edge && cell.order < order_) {
      for (std::uint64_t quarter = 0; quarter < 4; ++quarter)
        look(shape, {cell.order + 1, 4 * cell.number + quarter});
      return;
    }
    const int shift = 2 * (kDeepestOrder - cell.order);
    const Moc::Range range{cell.number << shift, (cell.number + 1) << shift};
    touched_.push_back(range);
    if (holds) held_.push_back(range);
  }

  int order_ = 0, finest_ = 0;
  std::vector<Moc::Range> touched_, held_;
};

}  // namespace

Coverage unite(std::span<const Coverage> parts) {
  int order = 0;
  std::vector<Moc::Range> touched, held;
  for (const auto& part : parts) {
    order = std::max({order, part.touched.order(), part.held.order()});
    touched.insert(touched.end(), part.touched.ranges().begin(), part.touched.ranges().end());
    held.insert(held.end(), part.held.ranges().begin(), part.held.ranges().end());
  }
  return {Moc(order, std::move(touched)), Moc(order, std::move(held))};
}

Coverage coverage_of(std::span<const Footprint> footprints,
                     const std::function<void(std::size_t)>& progress) {
  const double across = std::clamp(kMostAtEdges / 4 / static_cast<double>(footprints.size()),
                                   kFewestAcross, kMostAcross);
  Cover cover;
  for (std::size_t i = 0; i < footprints.size(); ++i) {
    if (progress) progress(i);
    cover.add(footprints[i], order_for(footprints[i].cap.radius, across));
  }
  return cover.finish();
}

}  // namespace recorte::sky
