/// An order of positions in which neighbours on the sky come together: so a worker finds open what
/// it opened before, and unpacks each part of an image once. Cells of a degree, as large as the
/// images of most surveys, follow each other along a Hilbert curve, which seldom leaves a
/// neighbourhood; within a cell positions go up in declination, as the rows of an image and its
/// compressed tiles do.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace recorte::batch {

class SkyOrder {
 public:
  /// The next position, ICRS, of a survey; surveys do not mix.
  void add(const std::string& survey, const sky::Position& position);
  /// Numbers of the positions, as added, in the order.
  std::vector<std::uint32_t> sorted() const;

 private:
  struct Key {
    std::uint32_t survey, cell;
    double dec, ra;
    auto operator<=>(const Key&) const = default;
  };
  std::map<std::string, std::uint32_t> surveys_;
  std::vector<Key> keys_;
};

/// Along the Hilbert curve through a square of 2^order x 2^order cells (Hilbert 1891): where the
/// cell (x, y) stands, from 0. Cells that follow each other have a common edge.
std::uint32_t hilbert_index(unsigned order, std::uint32_t x, std::uint32_t y);

}  // namespace recorte::batch
