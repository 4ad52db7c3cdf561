// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/mark.hpp"

#include <algorithm>

namespace recorte::draw {
namespace {

// The operator "over" of Porter & Duff (1984), on colours that are not multiplied by their alpha.
void over(Mark::Pixel mark, std::uint8_t* pixel, int colours, bool alpha) {
  const unsigned below = alpha ? pixel[colours] : 255U;
  const unsigned mark_weight = mark.coverage * 255U;
  const unsigned below_weight = (255U - mark.coverage) * below;
  const unsigned sum = mark_weight + below_weight;
  for (int c = 0; c < colours; ++c)
    pixel[c] = static_cast<std::uint8_t>(
        (mark.shade * mark_weight + pixel[c] * below_weight + sum / 2) / sum);
  if (alpha) pixel[colours] = static_cast<std::uint8_t>((sum + 127) / 255);
}

}  // namespace

Box intersection(const Box& a, const Box& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

void Mark::blend(std::uint8_t* row, int channels, std::int64_t y) const {
  if (y < box.y0 || y >= box.y1) return;
  const bool alpha = channels == 2 || channels == 4;
  const auto* mark = pixels.data() + (y - box.y0) * box.width();
  auto* pixel = row + box.x0 * channels;
  for (auto x = box.x0; x < box.x1; ++x, ++mark, pixel += channels)
    if (mark->coverage != 0) over(*mark, pixel, channels - alpha, alpha);
}

}  // namespace recorte::draw
