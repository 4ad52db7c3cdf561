// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/arcs.hpp"
#include "core/sky/stencil.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace recorte::sky {
namespace {

constexpr double kRounding = 1e-12;  // degrees

std::vector<Vector> directions(const Polygon& polygon) {
  std::vector<Vector> out;
  for (const auto& vertex : polygon.vertices) out.push_back(to_vector(vertex));
  return out;
}

[[noreturn]] void no_region() {
  throw std::invalid_argument("a box has no region on the sky without an image");
}

bool holds(const Polygon& polygon, const Vector& p) {
  const auto v = directions(polygon);
  return polygon_holds(v, cap_of_polygon(v), p);
}

bool whole_circle(const Range& r) { return r.ra_min == 0 && r.ra_max == 360; }

bool holds(const Range& r, const Vector& direction) {
  const Position p = to_position(direction);
  if (p.dec < r.dec_min - kRounding || p.dec > r.dec_max + kRounding) return false;
  if (std::abs(p.dec) >= 90 - kRounding) return true;
  const double slack = kRounding / std::cos(p.dec * kDegree);
  const double low = r.ra_min - slack;
  const double high = r.ra_max + slack;
  if (r.ra_min > r.ra_max) return p.ra >= low || p.ra <= high;
  const auto within = [&](double ra) { return ra >= low && ra <= high; };
  return within(p.ra) || within(p.ra + 360) || within(p.ra - 360);
}

/// The angle in right ascension that a range spans, degrees.
double span_of(const Range& r) {
  return r.ra_max >= r.ra_min ? r.ra_max - r.ra_min : r.ra_max - r.ra_min + 360;
}

/// The centre's cap over the parts of its edge where the distance can be greatest: the corners and
/// the middles of the parallels.
Cap cap_of(const Range& r) {
  const double span = span_of(r);
  const double middle = std::fmod(r.ra_min + span / 2, 360);
  const double dec = (r.dec_min + r.dec_max) / 2;
  if (span > 180) {  // caps around a pole are what fits a belt
    const bool north = dec >= 0;
    return {{0, 0, north ? 1.0 : -1.0}, (north ? 90 - r.dec_min : 90 + r.dec_max) + kRounding};
  }
  Cap cap{to_vector({middle, dec}), 0};
  for (const double d : {r.dec_min, r.dec_max, 0.0})
    for (const double ra : {r.ra_min, middle, r.ra_max})
      if (d >= r.dec_min && d <= r.dec_max)
        cap.radius = std::max(cap.radius, separation(cap.centre, to_vector({ra, d})));
  cap.radius = std::min(cap.radius * (1 + 1e-9) + kRounding, 180.0);
  return cap;
}

Arc circle_edge(const Circle& c) {
  const Vector axis = to_vector(c.centre);
  const Vector north = offset(axis, 0, 90);
  const Vector east = offset(axis, 90, 90);
  const double s = std::sin(c.radius * kDegree);
  const double k = std::cos(c.radius * kDegree);
  return [=](double t) -> Vector {
    const double n = s * std::cos(2 * std::numbers::pi * t);
    const double e = s * std::sin(2 * std::numbers::pi * t);
    return {k * axis[0] + n * north[0] + e * east[0], k * axis[1] + n * north[1] + e * east[1],
            k * axis[2] + n * north[2] + e * east[2]};
  };
}

Arc great_circle(const Vector& a, const Vector& b) {
  const double angle = separation(a, b) * kDegree;
  const Vector normal = normalised(cross(a, b));
  const Vector ahead = cross(normal, a);
  return [=](double t) -> Vector {
    const double c = std::cos(angle * t);
    const double s = std::sin(angle * t);
    return {c * a[0] + s * ahead[0], c * a[1] + s * ahead[1], c * a[2] + s * ahead[2]};
  };
}

std::vector<Arc> edges(const Range& r) {
  const double span = span_of(r);
  const auto parallel = [&](double dec, double from, double length) -> Arc {
    return [=](double t) { return to_vector({from + t * length, dec}); };
  };
  const auto meridian = [&](double ra, double from, double to) -> Arc {
    return [=](double t) { return to_vector({ra, from + t * (to - from)}); };
  };
  const bool sides = !whole_circle(r);
  std::vector<Arc> arcs;
  if (r.dec_min > -90 && r.dec_min < 90) arcs.push_back(parallel(r.dec_min, r.ra_min, span));
  if (sides) arcs.push_back(meridian(r.ra_max, r.dec_min, r.dec_max));
  if (r.dec_max < 90 && r.dec_max > -90) arcs.push_back(parallel(r.dec_max, r.ra_max, -span));
  if (sides) arcs.push_back(meridian(r.ra_min, r.dec_max, r.dec_min));
  if (arcs.empty() && r.dec_min == r.dec_max) arcs.push_back(meridian(0, r.dec_min, r.dec_max));
  return arcs;
}

}  // namespace

Cap bounding_cap(const Stencil& stencil, double pixel_scale) {
  struct Visitor {
    double scale;
    Cap operator()(const Circle& c) const {
      return {to_vector(c.centre), std::min(c.radius + kRounding, 180.0)};
    }
    Cap operator()(const Box& b) const {
      const auto degrees = [&](const Extent& e) {
        return e.unit == Extent::Unit::kPixel ? e.value * scale : e.value;
      };
      // Sizes round to whole pixels, and the middle to a half: one pixel more on each axis.
      const double reach = std::hypot(degrees(b.width) / 2 + scale, degrees(b.height) / 2 + scale);
      return {to_vector(b.centre), std::min(reach, 180.0)};
    }
    Cap operator()(const Polygon& p) const { return cap_of_polygon(directions(p)); }
    Cap operator()(const Range& r) const { return cap_of(r); }
  };
  return std::visit(Visitor{pixel_scale}, stencil);
}

bool contains(const Stencil& stencil, const Vector& direction) {
  struct Visitor {
    const Vector& p;
    bool operator()(const Circle& c) const {
      return separation(to_vector(c.centre), p) <= c.radius + kRounding;
    }
    bool operator()(const Box&) const { no_region(); }
    bool operator()(const Polygon& polygon) const { return holds(polygon, p); }
    bool operator()(const Range& r) const { return holds(r, p); }
  };
  return std::visit(Visitor{direction}, stencil);
}

std::vector<Arc> edge(const Stencil& stencil) {
  struct Visitor {
    std::vector<Arc> operator()(const Circle& c) const {
      if (c.radius >= 180) return {};
      return {circle_edge(c)};
    }
    std::vector<Arc> operator()(const Box&) const { no_region(); }
    std::vector<Arc> operator()(const Polygon& p) const {
      const auto v = directions(p);
      std::vector<Arc> arcs;
      for (std::size_t i = 0; i < v.size(); ++i)
        arcs.push_back(great_circle(v[i], v[(i + 1) % v.size()]));
      return arcs;
    }
    std::vector<Arc> operator()(const Range& r) const { return edges(r); }
  };
  return std::visit(Visitor{}, stencil);
}

}  // namespace recorte::sky
