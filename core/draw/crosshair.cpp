// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/canvas.hpp"
#include "core/draw/marks.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::draw {

std::optional<Mark> draw_crosshair(const Style& style, Point target) {
  const double inner = 0.7 * style.font, outer = 1.5 * style.font;
  const bool inside = target.x >= -0.5 && target.x < static_cast<double>(style.width) - 0.5 &&
                      target.y >= -0.5 && target.y < static_cast<double>(style.height) - 0.5;
  if (!inside || 2 * outer + 1 > static_cast<double>(std::min(style.width, style.height)))
    return {};
  const auto x = std::lround(target.x), y = std::lround(target.y);
  const auto reach = std::lround(std::ceil(outer)) + style.pad + 1;
  Canvas canvas(intersection({0, 0, style.width, style.height},
                             {x - reach, y - reach, x + reach + 1, y + reach + 1}));
  for (const auto& [dx, dy] : {Point{1, 0}, {-1, 0}, {0, 1}, {0, -1}})
    canvas.segment({target.x + dx * inner, target.y + dy * inner},
                   {target.x + dx * outer, target.y + dy * outer}, style.half_width);
  return canvas.finish(style.halo);
}

}  // namespace recorte::draw
