// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/pixel_test.hpp"

#include "core/sky/arcs.hpp"

#include <cmath>

namespace recorte::sky {

PixelTest::PixelTest(const Stencil& stencil, const Wcs& wcs) : stencil_(stencil), wcs_(wcs) {
  const auto* polygon = std::get_if<Polygon>(&stencil);
  if (polygon == nullptr) return;
  for (const auto& vertex : polygon->vertices) vertices_.push_back(to_vector(vertex));
  cap_ = cap_of_polygon(vertices_);
}

bool PixelTest::holds(const Vector& direction) const {
  return vertices_.empty() ? contains(stencil_, direction)
                           : polygon_holds(vertices_, cap_, direction);
}

std::vector<char> PixelTest::operator()(std::span<const double> xy) const {
  std::vector<double> radec(xy.size());
  wcs_.to_sky(xy, radec);
  std::vector<char> inside(xy.size() / 2);
  for (std::size_t i = 0; i < inside.size(); ++i)
    inside[i] = !std::isnan(radec[2 * i]) && holds(to_vector({radec[2 * i], radec[2 * i + 1]}));
  return inside;
}

}  // namespace recorte::sky
