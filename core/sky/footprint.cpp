// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"

#include "core/base/text.hpp"
#include "core/sky/arcs.hpp"
#include "core/sky/image_cap.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::sky {
namespace {

constexpr Vector kAnywhere{1, 0, 0};
constexpr double kLargestOutline = 45;  // degrees of cap: beyond it a polygon says little

bool finite(const Vector& v) { return std::isfinite(v[0] + v[1] + v[2]); }

/// Points around the image grown by `grow` pixels, `sides` to a side, counter-clockwise in pixels.
std::vector<double> border(std::int64_t width, std::int64_t height, int sides, double grow) {
  const double x0 = -0.5 - grow;
  const double y0 = -0.5 - grow;
  const double w = static_cast<double>(width) + 2 * grow;
  const double h = static_cast<double>(height) + 2 * grow;
  std::vector<double> xy;
  const auto side = [&](double x, double y, double dx, double dy) {
    for (int i = 0; i < sides; ++i) {
      xy.push_back(x + dx * i / sides);
      xy.push_back(y + dy * i / sides);
    }
  };
  side(x0, y0, w, 0);
  side(x0 + w, y0, 0, h);
  side(x0 + w, y0 + h, -w, 0);
  side(x0, y0 + h, 0, -h);
  return xy;
}

std::vector<Vector> on_sky(const Wcs& wcs, const std::vector<double>& xy) {
  std::vector<double> radec(xy.size());
  wcs.to_sky(xy, radec);
  std::vector<Vector> out;
  for (std::size_t i = 0; i < radec.size(); i += 2)
    out.push_back(to_vector({radec[i], radec[i + 1]}));
  return out;
}

/// How many pixels great circles between the outline's vertices cut into the image.
double greatest_cut(const Wcs& wcs, const std::vector<Vector>& outline, std::int64_t width,
                    std::int64_t height) {
  std::vector<double> radec;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const auto& a = outline[i];
    const auto& b = outline[(i + 1) % outline.size()];
    for (const double t : {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875}) {
      const Position at = to_position(
          {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])});
      radec.push_back(at.ra);
      radec.push_back(at.dec);
    }
  }
  std::vector<double> xy(radec.size());
  wcs.to_pixel(radec, xy);
  double cut = 0;
  for (std::size_t i = 0; i < xy.size(); i += 2) {
    const double inward =
        std::min({xy[i] + 0.5, static_cast<double>(width) - 0.5 - xy[i], xy[i + 1] + 0.5,
                  static_cast<double>(height) - 0.5 - xy[i + 1]});
    if (std::isnan(inward)) return INFINITY;
    cut = std::max(cut, inward);
  }
  return cut;
}

/// A polygon around the whole image: more vertices where its sides are curved, and grown by what is
/// left.
std::vector<Vector> outline_of(const Wcs& wcs, std::int64_t width, std::int64_t height) {
  const double tolerable = 0.01 * static_cast<double>(std::min(width, height));
  for (const int sides : {1, 4, 16}) {
    const double cut =
        greatest_cut(wcs, on_sky(wcs, border(width, height, sides, 0)), width, height);
    if (cut > tolerable && sides < 16) continue;
    if (!std::isfinite(cut)) return {};
    auto outline = on_sky(wcs, border(width, height, sides, 1.5 * cut + 0.01));
    return std::all_of(outline.begin(), outline.end(), finite) ? outline : std::vector<Vector>{};
  }
  return {};
}

/// Counter-clockwise seen from inside the sphere.
void orient(std::vector<Vector>& outline, const Vector& centre) {
  double turn = 0;
  for (std::size_t i = 0; i < outline.size(); ++i)
    turn += dot(centre, cross(outline[i], outline[(i + 1) % outline.size()]));
  if (turn > 0) std::reverse(outline.begin() + 1, outline.end());
}

/// Every edge moved outwards by `margin` degrees, vertices mitred; empty where one is too sharp.
std::vector<Vector> grown(const std::vector<Vector>& outline, double margin) {
  if (margin <= 0) return outline;
  const std::size_t n = outline.size();
  std::vector<Vector> out;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& v = outline[i];
    const Vector before = normalised(cross(outline[(i + n - 1) % n], v));  // points outwards
    const Vector after = normalised(cross(v, outline[(i + 1) % n]));
    const double mitre = 1 + dot(before, after);
    if (!(mitre > 0.05)) return {};
    const double step = std::tan(margin * kDegree) * 1.01 / mitre;
    out.push_back(
        normalised({v[0] + step * (before[0] + after[0]), v[1] + step * (before[1] + after[1]),
                    v[2] + step * (before[2] + after[2])}));
  }
  return out;
}

}  // namespace

Footprint footprint_of(const Wcs& wcs, std::int64_t width, std::int64_t height) {
  Footprint footprint{image_cap(wcs, width, height, 16).cap, {}};
  if (footprint.cap.radius > kLargestOutline || wcs.has_seams()) return footprint;
  footprint.outline = outline_of(wcs, width, height);
  orient(footprint.outline, footprint.cap.centre);
  return footprint;
}

Footprint footprint_of(std::span<const Position> vertices, double margin) {
  Footprint footprint;
  for (const auto& vertex : vertices) footprint.outline.push_back(to_vector(vertex));
  auto& [cap, outline] = footprint;
  if (outline.size() > 1 && separation(outline.front(), outline.back()) < 1e-11) outline.pop_back();
  if (outline.empty()) return {{kAnywhere, 180}, {}};
  cap = cap_of_polygon(outline);
  cap.radius = std::min(cap.radius + margin, 180.0);
  if (cap.radius > kLargestOutline || outline.size() < 3) {
    outline.clear();
  } else {
    orient(outline, cap.centre);
    outline = grown(outline, margin);
  }
  return footprint;
}

std::string s_region(const Footprint& footprint) {
  const auto place = [](const Vector& v) {
    const Position p = to_position(v);
    return " " + number_text(p.ra) + " " + number_text(p.dec);
  };
  if (footprint.outline.empty())
    return "CIRCLE ICRS" + place(footprint.cap.centre) + " " + number_text(footprint.cap.radius);
  std::string text = "POLYGON ICRS";
  for (const auto& v : footprint.outline) text += place(v);
  return text;
}

Result<Footprint> parse_s_region(std::string_view text) {
  const auto words = split_blanks(text);
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorCode::kData, "the region '" + std::string(text) + "' " + why +
                                      "; write POLYGON ICRS RA DEC … or CIRCLE ICRS RA DEC RADIUS");
  };
  if (words.empty()) return wrong("is empty");
  std::string numbers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (to_double(words[i])) {
      numbers += words[i] + " ";
      continue;
    }
    const auto word = upper(words[i]);
    const bool frame = word == "ICRS" || word == "FK5" || word == "J2000";
    if (!numbers.empty() || !(frame || word == "UNKNOWNREFPOS" || word == "TOPOCENTER" ||
                              word == "GEOCENTER" || word == "BARYCENTER" || word == "SPHERICAL2"))
      return wrong("has the word '" + words[i] + "'");
  }
  const auto shape = upper(words[0]);
  if (shape == "CIRCLE") {
    const auto circle = parse_circle(numbers);
    if (!circle) return fail(circle.error());
    return Footprint{bounding_cap(*circle, 0), {}};
  }
  if (shape != "POLYGON") return wrong("is a " + words[0]);
  const auto polygon = parse_polygon(numbers);
  if (!polygon) return fail(polygon.error());
  return footprint_of(std::get<Polygon>(*polygon).vertices, 0);
}

bool may_meet(const Footprint& footprint, const Cap& cap) {
  if (!meets(footprint.cap, cap)) return false;
  const auto& outline = footprint.outline;
  if (outline.empty() || cap.radius >= 90) return true;
  constexpr double kRounding = 1e-10;  // degrees
  for (std::size_t i = 0; i < outline.size(); ++i)
    if (distance_to_arc(cap.centre, outline[i], outline[(i + 1) % outline.size()]) <=
        cap.radius + kRounding)
      return true;
  return polygon_holds(outline, cap_of_polygon(outline), cap.centre);
}

}  // namespace recorte::sky
