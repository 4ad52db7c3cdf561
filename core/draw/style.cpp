// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/style.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::draw {

Style style_for(std::int64_t width, std::int64_t height) {
  Style style;
  style.width = width;
  style.height = height;
  style.font = static_cast<int>(std::clamp<std::int64_t>(height / 40, 9, 48));
  style.half_width = std::max(0.65, style.font / 24.0);
  style.halo = std::max(2.0, style.font / 14.0);
  style.pad = std::lround(std::ceil(style.half_width + style.halo)) + 1;
  style.margin = style.pad + style.font / 3;
  return style;
}

}  // namespace recorte::draw
