/// The cells of HEALPix (Górski et al. 2005) in nested numbering: twelve faces, each halved along
/// both sides again and again. Only what coverage needs: where a cell lies, and which one holds a
/// direction.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"

#include <cstdint>

namespace recorte::sky {

/// The deepest order whose cells 64 bits can number with room to spare (IVOA MOC).
inline constexpr int kDeepestOrder = 29;
inline constexpr std::uint64_t kFaces = 12;

/// One cell: `number` of the 12 · 4^order there are.
struct Cell {
  int order = 0;
  std::uint64_t number = 0;
};

/// A point of the cell: `across` and `up` from 0 to 1, (0.5, 0.5) its centre, (0, 0) its southern
/// corner, (1, 0) the eastern one.
Vector point_of(const Cell& cell, double across, double up);
/// A cap that holds the cell: its centre, and the distance of the farthest corner.
Cap cap_of(const Cell& cell);
/// The cell of that order which holds the direction (a unit vector).
Cell cell_of(int order, const Vector& direction);
/// The side of a square of a cell's area, degrees.
double side_of_cells(int order);

}  // namespace recorte::sky
