/// Great-circle arcs and the polygons that they bound, on unit vectors.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"

#include <span>

namespace recorte::sky {

/// A cap that holds the polygon's lesser side: below 90 degrees, or the whole sky.
Cap cap_of_polygon(std::span<const Vector> vertices);
/// Whether the closed polygon holds the direction. `cap` is cap_of_polygon's; where it is the whole
/// sky, the inside is on the left of each edge as seen from inside the sphere.
bool polygon_holds(std::span<const Vector> vertices, const Cap& cap, const Vector& direction);
/// Degrees from a direction to the minor arc a-b.
double distance_to_arc(const Vector& direction, const Vector& a, const Vector& b);

}  // namespace recorte::sky
