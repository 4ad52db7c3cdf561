// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/canvas.hpp"
#include "core/draw/marks.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::draw {
namespace {

// Lengths in sizes of a letter.
constexpr double kArm = 3, kHead = 0.7, kToLetter = 3.8, kLetterRadius = 0.55;
constexpr double kCapitalHeight = 0.73;  // of DejaVu Sans
constexpr double kHeadAngle = 25 * 3.14159265358979 / 180;

// Length 1; nullopt where there is no direction.
std::optional<Point> unit(Point direction) {
  const double length = std::hypot(direction.x, direction.y);
  if (!(length > 0) || !std::isfinite(length)) return {};
  return Point{direction.x / length, direction.y / length};
}

Point along(Point from, Point direction, double length) {
  return {from.x + direction.x * length, from.y + direction.y * length};
}

Point turned(Point p, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return {p.x * c - p.y * s, p.x * s + p.y * c};
}

struct Reach {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;

  void include(Point p, double radius) {
    x0 = std::min(x0, p.x - radius);
    y0 = std::min(y0, p.y - radius);
    x1 = std::max(x1, p.x + radius);
    y1 = std::max(y1, p.y + radius);
  }
};

}  // namespace

std::optional<Mark> draw_compass(const Style& style, const Font& font, Point north, Point east) {
  const auto n = unit(north), e = unit(east);
  if (!n || !e) return {};
  const double size = style.font;
  Reach reach;
  for (const auto& arm : {*n, *e}) {
    reach.include(along({}, arm, kToLetter * size), kLetterRadius * size);
    reach.include(along({}, arm, kArm * size), kHead * std::sin(kHeadAngle) * size);
  }
  // The foot stands on a pixel, where lines along rows and columns are crisp.
  const auto up = [](double value) { return std::lround(std::ceil(value)); };
  const auto foot_x = style.width - 1 - style.margin - up(reach.x1);
  const auto foot_y = style.margin + up(-reach.y0);
  const Box box{foot_x - up(-reach.x0) - style.pad, foot_y - up(-reach.y0) - style.pad,
                foot_x + up(reach.x1) + style.pad + 1, foot_y + up(reach.y1) + style.pad + 1};
  if (box.x0 < style.width / 2 || box.y1 > style.height / 2) return {};

  Canvas canvas(box);
  const Point foot{static_cast<double>(foot_x), static_cast<double>(foot_y)};
  const auto arrow = [&](Point direction, char32_t letter) {
    const auto tip = along(foot, direction, kArm * size);
    canvas.segment(foot, tip, style.half_width);
    for (const double angle : {kHeadAngle, -kHeadAngle})
      canvas.segment(tip, along(tip, turned(direction, angle), -kHead * size), style.half_width);
    const auto middle = along(foot, direction, kToLetter * size);
    font.draw(canvas, {&letter, 1}, std::lround(middle.x - font.advance(letter) / 2.0),
              std::lround(middle.y + kCapitalHeight * size / 2));
  };
  arrow(*n, U'N');
  arrow(*e, U'E');
  return canvas.finish(style.halo);
}

}  // namespace recorte::draw
