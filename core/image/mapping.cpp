// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/mapping.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::image {
namespace {

constexpr std::int64_t kHalf = 16;  // pixels from node to node
constexpr std::int64_t kCell = 2 * kHalf;

/// Of a cell: three rows of three nodes.
using Nodes = std::array<const double*, 9>;

struct Grid {
  const PointMap& exact;
  std::int64_t x0, y0, width, height;
  double tolerance;
  std::vector<double> out;

  double* at(std::int64_t x, std::int64_t y) {
    return &out[static_cast<std::size_t>(2 * (y * width + x))];
  }

  /// The exact places of points `step` pixels apart.
  std::vector<double> mapped(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h,
                             std::int64_t step) const {
    std::vector<double> in(static_cast<std::size_t>(2 * w * h));
    auto* point = in.data();
    for (std::int64_t j = 0; j < h; ++j)
      for (std::int64_t i = 0; i < w; ++i) {
        *point++ = static_cast<double>(x0 + x + i * step);
        *point++ = static_cast<double>(y0 + y + j * step);
      }
    std::vector<double> places(in.size());
    exact(in, places);
    return places;
  }

  void exactly(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h) {
    const auto places = mapped(x, y, w, h, 1);
    for (std::int64_t j = 0; j < h; ++j)
      std::copy_n(places.begin() + 2 * j * w, 2 * w, at(x, y + j));
  }

  /// Whether the middles, where a bilinear surface is farthest from a smooth one, are near to it.
  bool smooth(const Nodes& n) const {
    for (int c = 0; c < 2; ++c) {
      const auto near = [&](int node, double expected) {
        return std::abs(expected - n[static_cast<std::size_t>(node)][c]) <= tolerance;
      };
      const auto [a, b, d, e] = std::array{n[0][c], n[2][c], n[6][c], n[8][c]};
      if (!(near(1, (a + b) / 2) && near(3, (a + d) / 2) && near(5, (b + e) / 2) &&
            near(7, (d + e) / 2) && near(4, (a + b + d + e) / 4)))
        return false;
    }
    return true;
  }

  /// Pixels [x, x + w) × [y, y + h), between the corner nodes, `across` and `up` pixels apart.
  void interpolate(const Nodes& n, double across, double up, std::int64_t x, std::int64_t y,
                   std::int64_t w, std::int64_t h) {
    for (std::int64_t j = 0; j < h; ++j) {
      const double v = static_cast<double>(j) / up;
      const auto left = [&](int c) { return (1 - v) * n[0][c] + v * n[6][c]; };
      const auto slope = [&](int c) {
        return ((1 - v) * n[2][c] + v * n[8][c] - left(c)) / across;
      };
      const auto [left_x, left_y, slope_x, slope_y] =
          std::array{left(0), left(1), slope(0), slope(1)};
      double* row = at(x, y + j);
      for (std::int64_t i = 0; i < w; ++i) {
        row[2 * i] = left_x + static_cast<double>(i) * slope_x;
        row[2 * i + 1] = left_y + static_cast<double>(i) * slope_y;
      }
    }
  }

  /// All of it, by cells whose nodes are shared; those at the right and above may reach beyond.
  void fill() {
    if (tolerance <= 0) return exactly(0, 0, width, height);
    const auto cells = [](std::int64_t pixels) { return (pixels + kCell - 1) / kCell; };
    const auto across = 2 * cells(width) + 1;
    const auto nodes = mapped(0, 0, across, 2 * cells(height) + 1, kHalf);
    for (std::int64_t y = 0; y < height; y += kCell)
      for (std::int64_t x = 0; x < width; x += kCell) {
        Nodes cell;
        for (std::int64_t k = 0; k < 9; ++k)
          cell[static_cast<std::size_t>(k)] = &nodes[static_cast<std::size_t>(
              2 * ((y / kHalf + k / 3) * across + x / kHalf + k % 3))];
        const auto w = std::min(kCell, width - x);
        const auto h = std::min(kCell, height - y);
        if (smooth(cell))
          interpolate(cell, kCell, kCell, x, y, w, h);
        else
          fill(x, y, w, h);
      }
  }

  /// A cell with nodes of its own.
  void fill(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h) {
    if (w <= 2 || h <= 2) return exactly(x, y, w, h);
    const double across = static_cast<double>(w - 1);
    const double up = static_cast<double>(h - 1);
    std::array<double, 18> in{};
    std::array<double, 18> places{};
    Nodes nodes;
    for (std::size_t k = 0; k < 9; ++k) {
      in[2 * k] = static_cast<double>(x0 + x) + 0.5 * static_cast<double>(k % 3) * across;
      in[2 * k + 1] = static_cast<double>(y0 + y) + 0.5 * static_cast<double>(k / 3) * up;
      nodes[k] = &places[2 * k];
    }
    exact(in, places);
    if (smooth(nodes))
      interpolate(nodes, across, up, x, y, w, h);
    else
      divide(x, y, w, h);
  }

  void divide(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h) {
    const auto a = w / 2;
    const auto b = h / 2;
    fill(x, y, a, b);
    fill(x + a, y, w - a, b);
    fill(x, y + b, a, h - b);
    fill(x + a, y + b, w - a, h - b);
  }
};

}  // namespace

std::vector<double> map_pixels(const PointMap& exact, std::int64_t x0, std::int64_t y0,
                               std::int64_t width, std::int64_t height, double tolerance) {
  Grid grid{exact,
            x0,
            y0,
            width,
            height,
            tolerance,
            std::vector<double>(static_cast<std::size_t>(2 * width * height))};
  grid.fill();
  return std::move(grid.out);
}

}  // namespace recorte::image
