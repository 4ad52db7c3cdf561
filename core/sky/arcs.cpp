// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/arcs.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::sky {
namespace {

Vector difference(const Vector& a, const Vector& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

/// a × b with all its digits where a and b are neighbours, in whose product they would cancel.
Vector normal(const Vector& a, const Vector& b) { return cross(a, difference(b, a)); }

/// Whether the minor arcs p-q and a-b cross. The comparisons take one side at a vertex, so that a
/// path through it crosses one of its two edges.
bool arcs_cross(const Vector& p, const Vector& q, const Vector& a, const Vector& b) {
  const Vector path = cross(p, q);
  if ((dot(path, a) >= 0) == (dot(path, b) >= 0)) return false;
  Vector at = cross(path, normal(a, b));
  if (dot(at, a) + dot(at, b) < 0) at = {-at[0], -at[1], -at[2]};
  return dot(cross(p, at), path) >= 0 && dot(cross(at, q), path) >= 0;
}

bool on_arc(const Vector& p, const Vector& a, const Vector& b) {
  constexpr double kRounding = 1e-14;  // radians
  const Vector line = normal(a, b);
  if (std::abs(dot(line, p)) > kRounding * std::sqrt(dot(line, line))) return false;
  const Vector chord = difference(b, a);
  const double slack = kRounding * std::sqrt(dot(chord, chord));
  return dot(difference(p, a), chord) >= -slack && dot(difference(b, p), chord) >= -slack &&
         dot(p, a) + dot(p, b) > 0;
}

/// A place whose side of the polygon is known.
struct Reference {
  Vector direction;
  bool inside;
};

Reference reference(std::span<const Vector> v, const Cap& cap) {
  if (cap.radius < 90)  // outside, and never opposite to the directions that are asked for
    return {offset(cap.centre, 37.123, cap.radius + (180 - cap.radius) / 2), false};
  const Vector& a = v[0];
  const Vector& b = v[1];
  const Vector left = normalised(cross(b, a));
  constexpr double kStep = 1e-7;
  return {normalised({a[0] + b[0] + kStep * left[0], a[1] + b[1] + kStep * left[1],
                      a[2] + b[2] + kStep * left[2]}),
          true};
}

}  // namespace

Cap cap_of_polygon(std::span<const Vector> vertices) {
  Vector sum{0, 0, 0};
  for (const auto& v : vertices)
    for (int i = 0; i < 3; ++i) sum[i] += v[i];
  if (dot(sum, sum) < 1e-12) return {vertices[0], 180};
  Cap cap{normalised(sum), 0};
  for (const auto& v : vertices) cap.radius = std::max(cap.radius, separation(cap.centre, v));
  // Below 90 degrees a cap is convex: it holds the edges between vertices that it holds.
  cap.radius = cap.radius < 89.9 ? cap.radius + 1e-12 : 180;
  return cap;
}

bool polygon_holds(std::span<const Vector> v, const Cap& cap, const Vector& p) {
  if (separation(cap.centre, p) > cap.radius) return false;
  const Reference known = reference(v, cap);
  bool inside = known.inside;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const auto& a = v[i];
    const auto& b = v[(i + 1) % v.size()];
    if (on_arc(p, a, b)) return true;
    if (arcs_cross(p, known.direction, a, b)) inside = !inside;
  }
  return inside;
}

double distance_to_arc(const Vector& p, const Vector& a, const Vector& b) {
  const Vector line = normal(a, b);
  const Vector foot = cross(line, cross(p, line));  // the nearest point of the great circle, scaled
  if (dot(cross(a, foot), line) >= 0 && dot(cross(foot, b), line) >= 0 && dot(foot, foot) > 0)
    return separation(p, foot);
  return std::min(separation(p, a), separation(p, b));
}

}  // namespace recorte::sky
