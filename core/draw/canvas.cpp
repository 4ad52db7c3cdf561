// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::draw {
namespace {

double distance(Point p, Point from, Point to) {
  const double dx = to.x - from.x, dy = to.y - from.y;
  const double square = dx * dx + dy * dy;
  const double along = square > 0 ? ((p.x - from.x) * dx + (p.y - from.y) * dy) / square : 0;
  const double t = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - from.x - t * dx, p.y - from.y - t * dy);
}

// Of a pixel whose centre is `distance` from the middle of what reaches `radius` to either side.
std::uint8_t coverage(double distance, double radius) {
  return static_cast<std::uint8_t>(
      std::lround(255 * std::clamp(radius + 0.5 - distance, 0.0, 1.0)));
}

// Light ink over a halo without light.
Mark::Pixel combine(unsigned ink, unsigned halo) {
  const unsigned halo_weight = (255 - ink) * halo;
  const unsigned sum = ink * 255 + halo_weight;
  if (sum == 0) return {};
  return {static_cast<std::uint8_t>((ink * 255 * 255 + sum / 2) / sum),
          static_cast<std::uint8_t>((sum + 127) / 255)};
}

}  // namespace

Canvas::Canvas(const Box& box) : box_(box) {
  if (box.empty())
    box_ = {};
  else
    ink_.resize(static_cast<std::size_t>(box.width() * box.height()));
}

void Canvas::ink(std::int64_t x, std::int64_t y, std::uint8_t coverage) {
  if (!box_.contains(x, y)) return;
  auto& pixel = ink_[static_cast<std::size_t>((y - box_.y0) * box_.width() + x - box_.x0)];
  pixel = std::max(pixel, coverage);
}

void Canvas::segment(Point from, Point to, double half_width) {
  const double reach = half_width + 1;
  const auto floor = [](double value) { return static_cast<std::int64_t>(std::floor(value)); };
  const Box near = intersection(
      box_, {floor(std::min(from.x, to.x) - reach), floor(std::min(from.y, to.y) - reach),
             floor(std::max(from.x, to.x) + reach) + 1, floor(std::max(from.y, to.y) + reach) + 1});
  for (auto y = near.y0; y < near.y1; ++y)
    for (auto x = near.x0; x < near.x1; ++x) {
      const Point centre{static_cast<double>(x), static_cast<double>(y)};
      ink(x, y, coverage(distance(centre, from, to), half_width));
    }
}

Mark Canvas::finish(double halo) const {
  const auto reach = static_cast<std::int64_t>(std::ceil(halo));
  std::vector<std::uint8_t> disc;
  for (auto dy = -reach; dy <= reach; ++dy)
    for (auto dx = -reach; dx <= reach; ++dx) disc.push_back(coverage(std::hypot(dx, dy), halo));
  Canvas around(box_);
  auto here = ink_.begin();
  for (auto y = box_.y0; y < box_.y1; ++y)
    for (auto x = box_.x0; x < box_.x1; ++x, ++here) {
      if (*here == 0) continue;
      auto share = disc.begin();
      for (auto dy = -reach; dy <= reach; ++dy)
        for (auto dx = -reach; dx <= reach; ++dx, ++share)
          around.ink(x + dx, y + dy, static_cast<std::uint8_t>(*here * *share / 255));
    }
  Mark mark{box_, {}};
  for (std::size_t i = 0; i < ink_.size(); ++i)
    mark.pixels.push_back(combine(ink_[i], around.ink_[i]));
  return mark;
}

}  // namespace recorte::draw
