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

/// Of these images. Each is drawn by cells of a 256th of its size, larger ones where there are
/// more than a few hundred. `progress` hears of each that is done.
Coverage coverage_of(std::span<const Footprint> footprints,
                     const std::function<void(std::size_t)>& progress = {});

}  // namespace recorte::sky
