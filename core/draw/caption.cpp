// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/utf8.hpp"
#include "core/draw/marks.hpp"

#include <algorithm>
#include <string>

namespace recorte::draw {
namespace {

constexpr char32_t kEllipsis = U'\u2026';

struct Line {
  std::u32string text;
  std::int64_t width = 0;
};

// The text, or as much of its beginning as fits `room` pixels with an ellipsis after it. Measures
// no more letters than could fit.
Line fit(const Font& font, std::u32string_view text, std::int64_t room) {
  const std::int64_t ellipsis = font.advance(kEllipsis);
  if (ellipsis > room) return {};
  std::int64_t width = 0, cut_width = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (width + ellipsis <= room) {
      cut = i;
      cut_width = width;
    }
    width += font.advance(text[i]);
    if (width > room)
      return {std::u32string(text.substr(0, cut)) + kEllipsis, cut_width + ellipsis};
  }
  return {std::u32string(text), width};
}

}  // namespace

std::vector<Mark> draw_caption(const Style& style, const Font& font, std::string_view text,
                               const std::optional<Mark>& bar) {
  const auto room = style.width - 2 * style.margin;
  const auto line_height = font.ascent() + font.descent() + style.pad;
  const auto lines_above = [&](std::int64_t bottom) {
    return static_cast<std::size_t>(
        std::max<std::int64_t>(0, (bottom - style.height / 2) / line_height));
  };
  auto bottom = style.height - style.margin;
  const auto all = decode_utf8(text);
  std::u32string_view rest = all;
  while (rest.ends_with(U'\n')) rest.remove_suffix(1);
  std::vector<Line> lines;
  std::int64_t widest = 0;
  while (!rest.empty() && lines.size() < lines_above(bottom)) {
    const auto end = std::min(rest.find(U'\n'), rest.size());
    lines.push_back(fit(font, rest.substr(0, end), room));
    widest = std::max(widest, lines.back().width);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (bar && style.margin + widest + style.font > bar->box.x0) bottom = bar->box.y0;
  const auto count = std::min(lines.size(), lines_above(bottom));
  if (count == 0) return {};
  if (count < lines.size() || !rest.empty())
    lines[count - 1] = fit(font, lines[count - 1].text + kEllipsis, room);

  std::vector<Mark> marks;
  for (std::size_t i = 0; i < count; ++i) {
    const auto baseline =
        bottom - font.descent() - static_cast<std::int64_t>(count - 1 - i) * line_height;
    const Box box{style.margin - style.pad, baseline - font.ascent() - style.pad,
                  style.margin + lines[i].width + style.pad, baseline + font.descent() + style.pad};
    Canvas canvas(intersection(box, {0, 0, style.width, style.height}));
    font.draw(canvas, lines[i].text, style.margin, baseline);
    marks.push_back(canvas.finish(style.halo));
  }
  return marks;
}

}  // namespace recorte::draw
