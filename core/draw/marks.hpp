/// The marks of an annotation, each laid out within its part of the picture, so that they never
/// cover each other: compass in the upper right quarter, bar in the lower right, caption in the
/// lower half. A mark that is larger than its part, or undefined, is left out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/draw/font.hpp"
#include "core/draw/mark.hpp"
#include "core/draw/style.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace recorte::draw {

/// At the bottom left, a mark a line: beside the bar where it has room there, else above it. Lines
/// that are too long, and the last where there are too many, end in an ellipsis.
std::vector<Mark> draw_caption(const Style& style, const Font& font, std::string_view text,
                               const std::optional<Mark>& bar);
/// At the bottom right: a line that ends in ticks, which are a round length apart, and its label.
std::optional<Mark> draw_scale_bar(const Style& style, const Font& font,
                                   double pixel_scale /* degrees */);
/// At the top right: arrows along these directions from a common foot, and their letters.
std::optional<Mark> draw_compass(const Style& style, const Font& font, Point north, Point east);
/// Four strokes around the target, which itself stays clear.
std::optional<Mark> draw_crosshair(const Style& style, Point target);

}  // namespace recorte::draw
