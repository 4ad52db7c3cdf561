/// Lines of right ascension and declination on the picture of a coverage, and their labels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/coverage/projection.hpp"
#include "core/draw/font.hpp"
#include "core/draw/mark.hpp"

#include <vector>

namespace recorte::coverage {

struct Grid {
  std::vector<std::vector<draw::Point>> lines;  ///< points along each, apart where it leaves
  std::vector<draw::Mark> labels;               ///< degrees
};

Grid make_grid(const Projection& projection, const draw::Font& font, double halo);

}  // namespace recorte::coverage
