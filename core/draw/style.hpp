/// The sizes that all marks on one picture share, in pixels: they grow with the picture's height.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace recorte::draw {

struct Style {
  std::int64_t width = 0, height = 0;  ///< of the picture
  int font = 0;                        ///< size of letters: a fortieth of the height, 9 to 48
  double half_width = 0;               ///< of lines
  double halo = 0;                     ///< width of the dark outline
  std::int64_t pad = 0;                ///< from ink to the edge of its bitmap
  std::int64_t margin = 0;             ///< from ink to the edge of the picture
};

Style style_for(std::int64_t width, std::int64_t height);

}  // namespace recorte::draw
