/// Coverage of the sky as the IVOA has it: a MOC (Multi-Order Coverage map, version 2.0), a set of
/// HEALPix cells, large ones inside and small ones at the edges.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/footprint.hpp"
#include "core/sky/healpix.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace recorte::sky {

class Moc {
 public:
  /// Cells of the deepest order, from `first` up to and without `end`.
  struct Range {
    std::uint64_t first = 0, end = 0;
    bool operator==(const Range&) const = default;
  };

  /// None of the sky.
  Moc() = default;
  /// In any order, overlapping or not; none is smaller than a cell of `order`.
  Moc(int order, std::vector<Range> ranges);

  /// Of its smallest cells.
  int order() const { return order_; }
  bool empty() const { return ranges_.empty(); }
  /// Sorted, apart from each other.
  const std::vector<Range>& ranges() const { return ranges_; }
  bool contains(const Vector& direction) const;
  /// Square degrees.
  double area() const;
  /// As few cells as there can be, by order, then by number.
  std::vector<Cell> cells() const;
  /// {"3": [12, 13], "5": […]}: every cell, by order.
  std::string json() const;

 private:
  int order_ = 0;
  std::vector<Range> ranges_;
};

/// What images cover together.
struct Coverage {
  Moc touched;  ///< every cell that an image may touch: nothing of them is left out
  Moc held;     ///< of the smallest cells those alone whose centres lie on an image: for areas
};
/// At the order of the finest.
Coverage unite(std::span<const Coverage> parts);

/// The order at which so many images are drawn finely and quickly: cells of a 256th of an image's
/// size where images are few, larger ones where they are many.
int order_for(std::span<const Footprint> footprints);
/// Of the footprints at that order. `progress` hears of each that is done.
Coverage coverage_of(std::span<const Footprint> footprints, int order,
                     const std::function<void(std::size_t)>& progress = {});

}  // namespace recorte::sky
