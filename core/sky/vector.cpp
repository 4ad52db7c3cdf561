// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/vector.hpp"

#include <cmath>

namespace recorte::sky {

Vector to_vector(const Position& position) {
  const double ra = position.ra * kDegree;
  const double dec = position.dec * kDegree;
  return {std::cos(dec) * std::cos(ra), std::cos(dec) * std::sin(ra), std::sin(dec)};
}

Position to_position(const Vector& v) {
  double ra = std::atan2(v[1], v[0]) / kDegree;
  if (ra < 0) ra += 360;
  if (ra >= 360) ra = 0;  // a negative zero's neighbour rounds up to the whole circle
  return {ra, std::atan2(v[2], std::hypot(v[0], v[1])) / kDegree};
}

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector normalised(const Vector& a) {
  const double length = std::sqrt(dot(a, a));
  return {a[0] / length, a[1] / length, a[2] / length};
}

double separation(const Vector& a, const Vector& b) {
  const Vector c = cross(a, b);
  return std::atan2(std::sqrt(dot(c, c)), dot(a, b)) / kDegree;
}

Vector offset(const Vector& from, double position_angle, double distance) {
  const double ra = std::atan2(from[1], from[0]);
  const Vector east{-std::sin(ra), std::cos(ra), 0};
  const Vector north = cross(from, east);
  const double s = std::sin(distance * kDegree);
  const double c = std::cos(distance * kDegree);
  const double n = s * std::cos(position_angle * kDegree);
  const double e = s * std::sin(position_angle * kDegree);
  return normalised({c * from[0] + n * north[0] + e * east[0],
                     c * from[1] + n * north[1] + e * east[1],
                     c * from[2] + n * north[2] + e * east[2]});
}

bool meets(const Cap& a, const Cap& b) {
  constexpr double kRounding = 1e-12;  // degrees
  return a.radius >= 0 && b.radius >= 0 &&
         separation(a.centre, b.centre) <= a.radius + b.radius + kRounding;
}

}  // namespace recorte::sky
