/// Directions as unit vectors, ICRS: no right ascension to wrap and no pole to except.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <numbers>

namespace recorte::sky {

inline constexpr double kDegree = std::numbers::pi / 180;

/// A place on the sky, ICRS, in degrees.
struct Position {
  double ra = 0;
  double dec = 0;
  bool operator==(const Position&) const = default;
};

using Vector = std::array<double, 3>;

Vector to_vector(const Position& position);
/// Right ascension in [0, 360).
Position to_position(const Vector& vector);
double dot(const Vector& a, const Vector& b);
Vector cross(const Vector& a, const Vector& b);
Vector normalised(const Vector& a);
/// The angle between two directions in degrees, exact at 0 and at 180 (atan2 form; Vincenty).
double separation(const Vector& a, const Vector& b);
/// The direction `distance` degrees from `from` at `position_angle` degrees east of north.
Vector offset(const Vector& from, double position_angle, double distance);

/// Everything within `radius` degrees of `centre`; a negative radius is empty, 180 the whole sky.
struct Cap {
  Vector centre{1, 0, 0};
  double radius = -1;
};
bool meets(const Cap& a, const Cap& b);

}  // namespace recorte::sky
