// SPDX-License-Identifier: BSD-3-Clause
//
// Regions on the sphere against the plainest way there is, in long double: at poles, across RA 0,
// of billionths of a degree and of most of the sky. What lies within rounding of an edge is left
// out.
#include "core/sky/moc.hpp"
#include "core/sky/stencil.hpp"
#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace recorte::sky {
namespace {

using recorte::test::for_rounds;
using recorte::test::Random;

using Real = long double;
using Exact = std::array<Real, 3>;
constexpr Real kRadian = 180 / std::numbers::pi_v<Real>;  // degrees
constexpr Real kRounding = 3e-12L;                        // degrees

Exact exact(const Position& p) {
  const Real ra = p.ra / kRadian, dec = p.dec / kRadian;
  return {std::cos(dec) * std::cos(ra), std::cos(dec) * std::sin(ra), std::sin(dec)};
}
Exact exact(const Vector& v) { return {v[0], v[1], v[2]}; }
Real dot(const Exact& a, const Exact& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Exact cross(const Exact& a, const Exact& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Exact plus(const Exact& a, Real times, const Exact& b) {
  return {a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]};
}
Exact unit(const Exact& a) {
  const Real length = std::sqrt(dot(a, a));
  return {a[0] / length, a[1] / length, a[2] / length};
}
Real apart(const Exact& a, const Exact& b) {
  const auto normal = cross(a, plus(b, -1, a));  // with all digits where they are neighbours
  return std::atan2(std::sqrt(dot(normal, normal)), dot(a, b)) * kRadian;
}
Real from_arc(const Exact& p, const Exact& a, const Exact& b) {
  const auto line = unit(cross(a, plus(b, -1, a)));
  const auto foot = unit(plus(p, -dot(p, line), line));
  const bool between = dot(cross(a, foot), line) >= 0 && dot(cross(foot, b), line) >= 0;
  return between ? apart(p, foot) : std::min(apart(p, a), apart(p, b));
}

/// Anywhere, or where things go wrong.
Position place(Random& random) {
  const double near = std::pow(10, random.between(-10, 0));
  switch (random.below(5)) {
    case 0: return {random.between(0, 360), 90 - near};
    case 1: return {random.between(0, 360), -90 + near};
    case 2: return {random.one_in(2) ? near : 360 - near, random.between(-89, 89)};
    case 3: return {90.0 * random.below(5), 90.0 * random.within(-1, 1)};
    default: return {random.between(0, 360), std::asin(random.between(-1, 1)) / kDegree};
  }
}
/// From billionths of a degree on.
double size(Random& random, double largest) {
  return random.one_in(3) ? random.between(0.01, 1) * largest
                          : std::pow(10, random.between(-9, std::log10(largest)));
}

TEST(BruteForce, Circles) {
  for_rounds(400, [](Random& random) {
    const auto at = place(random);
    const double radius = size(random, 180);
    const auto circle = make_circle(at.ra, at.dec, radius);
    ASSERT_TRUE(circle) << circle.error().message;
    for (int i = 0; i < 50; ++i) {
      const auto distance = std::min(radius * random.between(0, 2), 180.0);
      const auto v = offset(to_vector(at), random.between(0, 360), distance);
      const Real truth = apart(exact(at), exact(v));
      if (std::abs(truth - Real{radius}) < kRounding) continue;
      ASSERT_EQ(contains(*circle, v), truth < radius)
          << stencil_numbers(*circle) << " and " << static_cast<double>(truth);
    }
  });
}

TEST(BruteForce, Ranges) {
  for_rounds(400, [](Random& random) {
    const auto from = place(random);
    const double wide = size(random, 360), high = size(random, 180);
    const double top = std::min(from.dec + high, 90.0);
    const auto range =
        make_range(from.ra, random.one_in(9) ? 360 : std::fmod(from.ra + wide, 360), from.dec, top);
    ASSERT_TRUE(range) << range.error().message;
    const auto& [ra_min, ra_max, dec_min, dec_max] = std::get<Range>(*range);
    for (int i = 0; i < 50; ++i) {
      const Position at{std::fmod(from.ra + wide * random.between(-0.5, 1.5) + 720, 360),
                        std::clamp(from.dec + high * random.between(-0.5, 1.5), -90.0, 90.0)};
      const Real shrink = std::cos(at.dec / kRadian);
      const auto near = [&](Real a, Real b) {
        return std::min(std::abs(a - b), std::abs(std::abs(a - b) - 360)) * shrink < kRounding;
      };
      if (near(at.ra, ra_min) || near(at.ra, ra_max) || std::abs(at.dec - dec_min) < 3e-12 ||
          std::abs(at.dec - dec_max) < 3e-12 || std::abs(at.dec) > 90 - 1e-9)
        continue;
      const bool in_ra =
          ra_min <= ra_max ? at.ra > ra_min && at.ra < ra_max : at.ra > ra_min || at.ra < ra_max;
      ASSERT_EQ(contains(*range, to_vector(at)), in_ra && at.dec > dec_min && at.dec < dec_max)
          << stencil_numbers(*range) << " and " << at.ra << " " << at.dec;
    }
  });
}

/// A star about a middle, of vertices at all sides of it: its edges meet nowhere else.
std::vector<Position> star(Random& random, const Vector& middle, double radius) {
  const int sides = random.within(radius > 80 ? 5 : 3, 9);
  const double turn = random.between(0, 360);
  std::vector<Position> out;
  for (int i = 0; i < sides; ++i)
    out.push_back(
        to_position(offset(middle, turn - 360.0 * i / sides, radius * random.between(0.4, 1))));
  return out;
}

class Plain {
 public:
  explicit Plain(const Polygon& polygon) {
    for (const auto& vertex : polygon.vertices) v_.push_back(exact(vertex));
  }
  Real from_edge(const Exact& p) const {
    Real out = 180;
    for (std::size_t i = 0; i < v_.size(); ++i) out = std::min(out, from_arc(p, v_[i], next(i)));
    return out;
  }
  /// By the edges on the way, over a place somewhere, to one just left of the longest edge.
  bool holds(const Exact& p, const Exact& over) const {
    std::size_t longest = 0;
    for (std::size_t i = 1; i < v_.size(); ++i)
      if (apart(v_[i], next(i)) > apart(v_[longest], next(longest))) longest = i;
    const auto& a = v_[longest];
    const auto& b = next(longest);
    const auto left = unit(cross(b, a));
    const Real step = 1e-4L * std::min<Real>(apart(a, b), 40) / kRadian;
    const auto inside = unit(plus(unit(plus(a, 1, b)), step, left));
    int crossings = 0;
    for (std::size_t i = 0; i < v_.size(); ++i)
      crossings += cross_each_other(p, over, v_[i], next(i)) +
                   cross_each_other(over, inside, v_[i], next(i));
    return crossings % 2 == 0;
  }

 private:
  const Exact& next(std::size_t i) const { return v_[(i + 1) % v_.size()]; }
  static bool cross_each_other(const Exact& p, const Exact& q, const Exact& a, const Exact& b) {
    const auto path = cross(p, q), line = cross(a, plus(b, -1, a));
    if ((dot(path, a) > 0) == (dot(path, b) > 0) || (dot(line, p) > 0) == (dot(line, q) > 0))
      return false;
    const auto at = cross(path, line);  // or opposite: both arcs are on one side, or not
    return (dot(at, plus(p, 1, q)) > 0) == (dot(at, plus(a, 1, b)) > 0);
  }
  std::vector<Exact> v_;
};

TEST(BruteForce, Polygons) {
  for_rounds(600, [](Random& random) {
    const auto middle = to_vector(place(random));
    const double radius = size(random, 150);
    const auto made = make_polygon(star(random, middle, radius));
    if (!made) return;  // neighbours that fall together, or lie opposite
    const auto& polygon = std::get<Polygon>(*made);
    const Plain plain(polygon);
    const auto over = unit(exact(offset(middle, random.between(0, 360), random.between(20, 100))));
    for (int i = 0; i < 40; ++i) {
      const auto v = random.one_in(8) ? to_vector(place(random))
                                      : offset(middle, random.between(0, 360),
                                               std::min(radius * random.between(0, 1.3), 180.0));
      const auto p = unit(exact(v));
      if (plain.from_edge(p) < std::max<Real>(kRounding, 1e-3L * radius)) continue;
      ASSERT_EQ(contains(*made, v), plain.holds(p, over))
          << stencil_numbers(*made) << " and " << to_position(v).ra << " " << to_position(v).dec;
    }
  });
}

/// Girard: the angles at the corners, less those of a plane; of the lesser side.
Real area(const Polygon& polygon) {
  const auto& vertices = polygon.vertices;
  const auto n = vertices.size();
  Real sum = -std::numbers::pi_v<Real> * static_cast<Real>(n - 2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto before = exact(vertices[(i + n - 1) % n]), at = exact(vertices[i]),
               after = exact(vertices[(i + 1) % n]);
    const auto in = unit(cross(at, before)), out = unit(cross(at, after));
    const Real angle = std::atan2(dot(at, cross(out, in)), dot(in, out));
    sum += angle < 0 ? angle + 2 * std::numbers::pi_v<Real> : angle;
  }
  return std::min(sum, 4 * std::numbers::pi_v<Real> - sum) * kRadian * kRadian;
}

TEST(BruteForce, AreasOfPolygonsByTheirCells) {
  for_rounds(40, [](Random& random) {
    const auto made =
        make_polygon(star(random, to_vector(place(random)), random.between(0.01, 40)));
    if (!made) return;
    const auto& polygon = std::get<Polygon>(*made);
    const std::vector<Footprint> footprints{footprint_of(polygon.vertices, 0)};
    const auto coverage = coverage_of(footprints);
    EXPECT_NEAR(coverage.held.area() / static_cast<double>(area(polygon)), 1, 0.02)
        << stencil_numbers(*made);
    for (int i = 0; i < 200; ++i) {
      const auto v = offset(footprints[0].cap.centre, random.between(0, 360),
                            footprints[0].cap.radius * std::sqrt(random.between(0, 1)));
      if (contains(*made, v)) {
        ASSERT_TRUE(coverage.touched.contains(v)) << stencil_numbers(*made);
      }
    }
  });
}

Stencil any_region(Random& random) {
  for (;;) {
    const auto at = place(random);
    auto made = make_circle(at.ra, at.dec, size(random, 180));
    if (random.one_in(2)) made = make_polygon(star(random, to_vector(at), size(random, 150)));
    if (random.one_in(3))
      made = make_range(at.ra, std::fmod(at.ra + size(random, 359), 360), at.dec,
                        std::min(at.dec + size(random, 180), 90.0));
    if (made) return *made;
  }
}

TEST(BruteForce, CapsHoldEveryPointOfTheEdge) {
  for_rounds(1'000, [](Random& random) {
    const auto region = any_region(random);
    const auto cap = bounding_cap(region, 0);
    for (const auto& arc : edge(region))
      for (int i = 0; i <= 20; ++i) {
        const auto v = arc(0.05 * i);
        ASSERT_LE(apart(exact(cap.centre), unit(exact(v))), cap.radius + kRounding)
            << stencil_numbers(region);
      }
  });
}

}  // namespace
}  // namespace recorte::sky
