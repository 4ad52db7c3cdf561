/// What tests see of a finished mark: where its ink is, and which words it holds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/utf8.hpp"
#include "core/draw/canvas.hpp"
#include "core/draw/font.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace recorte::draw {

inline Mark::Pixel pixel_at(const Mark& mark, std::int64_t x, std::int64_t y) {
  if (!mark.box.contains(x, y)) return {};
  return mark
      .pixels[static_cast<std::size_t>((y - mark.box.y0) * mark.box.width() + x - mark.box.x0)];
}

/// 0 to 1.
inline double ink_at(const Mark& mark, std::int64_t x, std::int64_t y) {
  const auto pixel = pixel_at(mark, x, y);
  return pixel.shade * pixel.coverage / 255.0 / 255.0;
}

/// In whole pixels.
inline double ink_of(const Mark& mark) {
  double sum = 0;
  for (const auto& pixel : mark.pixels) sum += pixel.shade * pixel.coverage / 255.0 / 255.0;
  return sum;
}

/// The pixels with ink.
inline Box inked(const Mark& mark) {
  Box out{mark.box.x1, mark.box.y1, mark.box.x0, mark.box.y0};
  for (auto y = mark.box.y0; y < mark.box.y1; ++y)
    for (auto x = mark.box.x0; x < mark.box.x1; ++x)
      if (ink_at(mark, x, y) > 0.02)
        out = {std::min(out.x0, x), std::min(out.y0, y), std::max(out.x1, x + 1),
               std::max(out.y1, y + 1)};
  return out;
}

/// The box of the ink of these words on the mark, where they stand there exactly so, with clear
/// pixels around them.
inline std::optional<Box> find(const Mark& mark, const Font& font, std::string_view words) {
  const auto text = decode_utf8(words);
  Canvas canvas({-10, -100, font.width(text) + 10, 100});
  font.draw(canvas, text, 0, 0);
  const auto wanted = canvas.finish(0);
  const auto box = inked(wanted);
  const auto matches = [&](std::int64_t dx, std::int64_t dy) {
    for (auto y = box.y0 - 1; y <= box.y1; ++y)
      for (auto x = box.x0 - 1; x <= box.x1; ++x)
        if (std::abs(ink_at(wanted, x, y) - ink_at(mark, x + dx, y + dy)) > 0.02) return false;
    return true;
  };
  for (auto dy = mark.box.y0 - box.y0; dy + box.y1 <= mark.box.y1; ++dy)
    for (auto dx = mark.box.x0 - box.x0; dx + box.x1 <= mark.box.x1; ++dx)
      if (matches(dx, dy)) return Box{box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy};
  return {};
}

}  // namespace recorte::draw
