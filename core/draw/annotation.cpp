// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/annotation.hpp"

#include "core/draw/marks.hpp"

#include <optional>

namespace recorte::draw {

Result<Overlay> Overlay::make(const Annotation& a, std::int64_t width, std::int64_t height) {
  const auto style = style_for(width, height);
  std::vector<Mark> marks;
  const auto add = [&](std::optional<Mark> mark) {
    if (mark) marks.push_back(std::move(*mark));
  };
  if (a.crosshair) add(draw_crosshair(style, {a.target_x, a.target_y}));
  if (!a.caption.empty() || a.scale_bar || a.compass) {
    const auto font = Font::open(kFontFile, style.font);
    if (!font) return fail(font.error());
    if (a.compass) add(draw_compass(style, *font, {a.north_x, a.north_y}, {a.east_x, a.east_y}));
    std::optional<Mark> bar;
    if (a.scale_bar) bar = draw_scale_bar(style, *font, a.pixel_scale);
    for (auto& line : draw_caption(style, *font, a.caption, bar)) add(std::move(line));
    add(std::move(bar));
  }
  return Overlay(std::move(marks));
}

void Overlay::blend(std::uint8_t* row, int channels, std::int64_t y) const {
  for (const auto& mark : marks_) mark.blend(row, channels, y);
}

}  // namespace recorte::draw
