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

/// Of an image's size, where there are few images; and of all edges together.
constexpr double kFinest = 256, kMostAtEdges = 2e6;
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

class Cover {
 public:
  explicit Cover(int order) : order_(order) {}

  void add(const Footprint& footprint) {
    const Shape shape(footprint);
    for (std::uint64_t face = 0; face < kFaces; ++face) look(shape, {0, face});
    if (touched_.size() > kMany) {
      touched_ = Moc(order_, std::move(touched_)).ranges();
      held_ = Moc(order_, std::move(held_)).ranges();
    }
  }

  Coverage finish() { return {Moc(order_, std::move(touched_)), Moc(order_, std::move(held_))}; }

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

  int order_;
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

int order_for(std::span<const Footprint> footprints) {
  double around = 0, radii = 0;
  for (const auto& footprint : footprints) {
    radii += footprint.cap.radius;
    around += 2 * 180 * std::sin(std::min(footprint.cap.radius, 90.0) * kDegree);
  }
  if (!(radii > 0)) return kCoarsestOrder;
  const double finest = 2 * radii / static_cast<double>(footprints.size()) / kFinest;
  const double side = std::max(finest, around / kMostAtEdges);
  const auto order = static_cast<int>(std::floor(std::log2(side_of_cells(0) / side)));
  return std::clamp(order, kCoarsestOrder, kDeepestOrder);
}

Coverage coverage_of(std::span<const Footprint> footprints, int order,
                     const std::function<void(std::size_t)>& progress) {
  Cover cover(order);
  for (std::size_t i = 0; i < footprints.size(); ++i) {
    if (progress) progress(i);
    cover.add(footprints[i]);
  }
  return cover.finish();
}

}  // namespace recorte::sky
