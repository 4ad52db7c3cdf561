// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/utf8.hpp"
#include "core/draw/canvas.hpp"
#include "core/draw/marks.hpp"
#include "core/draw/round_length.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::draw {
namespace {

// Of the widest pictures a bar's bitmap would be larger than "small".
constexpr std::int64_t kWidest = 100'000;

}  // namespace

std::optional<Mark> draw_scale_bar(const Style& style, const Font& font, double pixel_scale) {
  const double longest = static_cast<double>(std::min(style.width, kWidest)) / 3;
  const auto round = round_length(longest * pixel_scale);
  if (!round || !(pixel_scale > 0)) return {};
  const double length = round->degrees / pixel_scale;
  const auto label = decode_utf8(round->label);
  const int label_width = font.width(label);

  const auto tick = std::lround(0.3 * style.font);
  const auto y = style.height - 1 - style.margin - tick;
  const auto baseline = y - tick - style.pad;
  const double span = std::max<double>(length, label_width);
  const double right = static_cast<double>(style.width - 1 - style.margin);
  const double centre = right - span / 2;
  const Box box{std::lround(std::floor(right - span)) - style.pad,
                baseline - font.ascent() - style.pad, style.width - style.margin + style.pad,
                style.height - style.margin + style.pad};
  if (box.x0 < style.width / 2 || box.y0 < style.height / 2) return {};

  Canvas canvas(box);
  const double middle = static_cast<double>(y), half_tick = static_cast<double>(tick);
  const double left_end = centre - length / 2, right_end = centre + length / 2;
  canvas.segment({left_end, middle}, {right_end, middle}, style.half_width);
  for (const double x : {left_end, right_end})
    canvas.segment({x, middle - half_tick}, {x, middle + half_tick}, style.half_width);
  font.draw(canvas, label, std::lround(centre - label_width / 2.0), baseline);
  return canvas.finish(style.halo);
}

}  // namespace recorte::draw
