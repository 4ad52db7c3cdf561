// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/mapping.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::image {
namespace {

constexpr std::int64_t kCell = 32;

struct Grid {
  const PointMap& exact;
  std::int64_t x0, y0, width, height;
  double tolerance;
  std::vector<double> out;

  double* at(std::int64_t x, std::int64_t y) {
    return &out[static_cast<std::size_t>(2 * (y * width + x))];
  }

  void exactly(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h) {
    std::vector<double> in;
    for (std::int64_t j = 0; j < h; ++j)
      for (std::int64_t i = 0; i < w; ++i)
        in.insert(in.end(), {static_cast<double>(x0 + x + i), static_cast<double>(y0 + y + j)});
    std::vector<double> mapped(in.size());
    exact(in, mapped);
    for (std::int64_t j = 0; j < h; ++j)
      std::copy_n(mapped.begin() + 2 * j * w, 2 * w, at(x, y + j));
  }

  /// Fills the cell's pixels [x, x + w) × [y, y + h).
  void fill(std::int64_t x, std::int64_t y, std::int64_t w, std::int64_t h) {
    if (w <= 2 || h <= 2) return exactly(x, y, w, h);
    const double right = static_cast<double>(w - 1);
    const double top = static_cast<double>(h - 1);
    // Four corners, then the five points where a bilinear surface is farthest from a smooth one.
    const std::array<double, 18> unit{0, 0, 1, 0, 0, 1, 1, 1, .5, .5, .5, 0, 0, .5, 1, .5, .5, 1};
    std::array<double, 18> in{};
    std::array<double, 18> mapped{};
    for (std::size_t i = 0; i < 9; ++i) {
      in[2 * i] = static_cast<double>(x0 + x) + unit[2 * i] * right;
      in[2 * i + 1] = static_cast<double>(y0 + y) + unit[2 * i + 1] * top;
    }
    exact(in, mapped);
    auto bilinear = [&](double u, double v, int c) {
      return (1 - v) * ((1 - u) * mapped[0 + c] + u * mapped[2 + c]) +
             v * ((1 - u) * mapped[4 + c] + u * mapped[6 + c]);
    };
    for (std::size_t i = 4; i < 9; ++i)
      for (int c = 0; c < 2; ++c)
        if (!(std::abs(bilinear(unit[2 * i], unit[2 * i + 1], c) - mapped[2 * i + c]) <= tolerance))
          return divide(x, y, w, h);
    for (std::int64_t j = 0; j < h; ++j) {
      const double v = static_cast<double>(j) / top;
      double* row = at(x, y + j);
      for (std::int64_t i = 0; i < w; ++i) {
        const double u = static_cast<double>(i) / right;
        row[2 * i] = bilinear(u, v, 0);
        row[2 * i + 1] = bilinear(u, v, 1);
      }
    }
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
  for (std::int64_t y = 0; y < height; y += kCell)
    for (std::int64_t x = 0; x < width; x += kCell)
      grid.fill(x, y, std::min(kCell, width - x), std::min(kCell, height - y));
  return std::move(grid.out);
}

}  // namespace recorte::image
