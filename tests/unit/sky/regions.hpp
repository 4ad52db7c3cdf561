/// Random circles, polygons and ranges for the tests, the same ones from the same seed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/stencil.hpp"
#include "tests/unit/random.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace recorte::sky::test {

class Regions {
 public:
  explicit Regions(unsigned seed) : engine_(recorte::test::seed(seed)) {}
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  double size() { return std::exp(uniform(std::log(0.002), std::log(2.0))); }

  /// Near `centre`, of a size between a five-hundredth of and twice `extent` degrees.
  Stencil any(const Position& centre, double extent) {
    for (;;)
      if (auto stencil = attempt(centre, extent)) return *stencil;
  }

 private:
  /// At a pole, vertices may fall together.
  Result<Stencil> attempt(const Position& centre, double extent) {
    const Vector middle =
        offset(to_vector(centre), uniform(0, 360), std::min(uniform(0, 1) * extent, 179.0));
    const Position at = to_position(middle);
    const double radius = std::min(size() * extent, 80.0);
    switch (std::uniform_int_distribution<int>(0, 2)(engine_)) {
      case 0: return make_circle(at.ra, at.dec, radius);
      case 1: {
        std::vector<Position> vertices;
        const int n = std::uniform_int_distribution<int>(3, 7)(engine_);
        for (int i = 0; i < n; ++i)
          vertices.push_back(to_position(offset(middle, 360.0 * i / n, radius * uniform(0.2, 1))));
        return make_polygon(vertices);
      }
      default: {
        const double half = std::min(radius / std::max(std::cos(at.dec * kDegree), 0.02), 170.0);
        const auto wrapped = [](double ra) { return std::fmod(ra + 720, 360); };
        return make_range(wrapped(at.ra - half * uniform(0.1, 1)), wrapped(at.ra + half),
                          std::max(at.dec - radius, -90.0), std::min(at.dec + radius, 90.0));
      }
    }
  }

  std::mt19937 engine_;
};

}  // namespace recorte::sky::test
