// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/edge_trace.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::sky {
namespace {

constexpr int kFirstPieces = 4;   // a quarter of a circle: ends and middle bound it on the sky
constexpr double kLongest = 5;    // degrees: the longest piece that is looked at in pixels
constexpr double kFinest = 1e-9;  // pixels
constexpr double kLimit = 1e15;   // pixels: beyond any image, within the integers
// At once; the edge of a region on an image of a survey has some hundred.
constexpr std::size_t kMostPieces = 1 << 18;

struct Point {
  double t;
  Vector sky;
  Pixel pixel;
  bool projected() const { return !std::isnan(pixel.x) && !std::isnan(pixel.y); }
};

struct Piece {
  const Arc* arc;
  Point begin, end;
};

Vector at(const Piece& piece, double t) { return (*piece.arc)(t); }
double middle_of(const Piece& piece) { return (piece.begin.t + piece.end.t) / 2; }

class Tracer {
 public:
  Tracer(const Wcs& wcs, const Area& area, const Cap& reach, Touched& touched)
      : wcs_(wcs), area_(area), reach_(reach), touched_(touched) {}

  Trace run(std::span<const Arc> arcs) {
    std::vector<Piece> pieces;
    for (const auto& arc : arcs)
      for (int i = 0; i < kFirstPieces; ++i) {
        const double t0 = static_cast<double>(i) / kFirstPieces;
        const double t1 = static_cast<double>(i + 1) / kFirstPieces;
        cut({&arc, {t0, arc(t0), {}}, {t1, arc(t1), {}}}, pieces);
      }
    project_ends(pieces);
    while (!pieces.empty() && pieces.size() <= kMostPieces) pieces = refined(pieces);
    // A map that a header made up may jump everywhere: its edge tells nothing.
    if (!pieces.empty()) trace_.broken = true;
    return trace_;
  }

 private:
  /// On the sky alone: pieces near the area, short against it.
  void cut(const Piece& piece, std::vector<Piece>& out) {
    const double t = middle_of(piece);
    const Vector middle = at(piece, t);
    const double radius =
        std::max(separation(middle, piece.begin.sky), separation(middle, piece.end.sky));
    if (!meets({middle, radius + 1e-9}, reach_)) {
      trace_.left_area = true;
      return;
    }
    if (radius <= std::min(kLongest, reach_.radius / 4)) {
      out.push_back(piece);
      return;
    }
    const Point half{t, middle, {}};
    cut({piece.arc, piece.begin, half}, out);
    cut({piece.arc, half, piece.end}, out);
  }

  void project_ends(std::vector<Piece>& pieces) {
    std::vector<Point> points;
    for (const auto& piece : pieces) {
      points.push_back(piece.begin);
      points.push_back(piece.end);
    }
    project(points);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      pieces[i].begin = points[2 * i];
      pieces[i].end = points[2 * i + 1];
    }
  }

  void project(std::vector<Point>& points) {
    radec_.clear();
    for (const auto& point : points) {
      const Position position = to_position(point.sky);
      radec_.push_back(position.ra);
      radec_.push_back(position.dec);
    }
    xy_.resize(radec_.size());
    wcs_.to_pixel(radec_, xy_);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double x = xy_[2 * i];
      const double y = xy_[2 * i + 1];
      points[i].pixel = {std::clamp(x, -kLimit, kLimit), std::clamp(y, -kLimit, kLimit)};
      if (!points[i].projected()) {
        trace_.broken = true;
      } else if (area_.holds(x, y)) {
        touched_.add(x, y);
      } else {
        trace_.left_area = true;
      }
    }
  }

  /// One bisection of every piece that may still matter.
  std::vector<Piece> refined(const std::vector<Piece>& pieces) {
    std::vector<Point> middles;
    for (const auto& piece : pieces) {
      const double t = middle_of(piece);
      middles.push_back({t, at(piece, t), {}});
    }
    project(middles);
    std::vector<Piece> halves;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      if (matters(pieces[i], middles[i])) {
        halves.push_back({pieces[i].arc, pieces[i].begin, middles[i]});
        halves.push_back({pieces[i].arc, middles[i], pieces[i].end});
      }
    return halves;
  }

  bool matters(const Piece& piece, const Point& middle) {
    const auto& [t0, sky0, p0] = piece.begin;
    const auto& [t1, sky1, p1] = piece.end;
    if (middle.t <= t0 || middle.t >= t1 || t1 - t0 < 1e-15) return false;
    const int projected = piece.begin.projected() + middle.projected() + piece.end.projected();
    const double length = separation(sky0, middle.sky) + separation(middle.sky, sky1);
    if (projected < 3)
      return meets({middle.sky, length}, reach_) &&
             length > (projected == 0 ? reach_.radius / 64 : 1e-12);

    // A smooth piece strays from its three points by a quarter of how far the middle is off the
    // chord; a jump fails that at every scale and is followed down to its two sides.
    const Pixel& m = middle.pixel;
    const double chord = std::hypot(p1.x - p0.x, p1.y - p0.y);
    const double bend = std::hypot(m.x - (p0.x + p1.x) / 2, m.y - (p0.y + p1.y) / 2);
    const double stray = 2 * bend + 0.02 * chord;
    // Where the plane outruns the sky there may be a seam between.
    if (chord * std::min(wcs_.scale_x(), wcs_.scale_y()) > 4 * length) trace_.broken = true;
    const Area around{std::min({p0.x, m.x, p1.x}) - stray, std::max({p0.x, m.x, p1.x}) + stray,
                      std::min({p0.y, m.y, p1.y}) - stray, std::max({p0.y, m.y, p1.y}) + stray};
    const Area inside{std::max(around.x_min, area_.x_min), std::min(around.x_max, area_.x_max),
                      std::max(around.y_min, area_.y_min), std::min(around.y_max, area_.y_max)};
    if (inside.x_min > inside.x_max || inside.y_min > inside.y_max) return false;
    if (touched_.covers(inside)) return false;
    return chord + bend > kFinest && length > 1e-13;
  }

  const Wcs& wcs_;
  const Area& area_;
  const Cap& reach_;
  Touched& touched_;
  Trace trace_;
  std::vector<double> radec_, xy_;
};

}  // namespace

Touched::Touched(const Area& area)
    : area_(area),
      first_x_(std::ceil(area.x_min)),
      last_x_(std::floor(area.x_max)),
      first_y_(std::ceil(area.y_min)),
      last_y_(std::floor(area.y_max)),
      x_min_(kLimit),
      x_max_(-kLimit),
      y_min_(kLimit),
      y_max_(-kLimit) {}

void Touched::add(double x, double y) {
  if (!area_.holds(x, y)) return;
  x_min_ = std::min(x_min_, std::max(std::ceil(x - 0.5), first_x_));
  x_max_ = std::max(x_max_, std::min(std::floor(x + 0.5), last_x_));
  y_min_ = std::min(y_min_, std::max(std::ceil(y - 0.5), first_y_));
  y_max_ = std::max(y_max_, std::min(std::floor(y + 0.5), last_y_));
}

bool Touched::covers(const Area& part) const {
  return std::max(std::ceil(part.x_min - 0.5), first_x_) >= x_min_ &&
         std::min(std::floor(part.x_max + 0.5), last_x_) <= x_max_ &&
         std::max(std::ceil(part.y_min - 0.5), first_y_) >= y_min_ &&
         std::min(std::floor(part.y_max + 0.5), last_y_) <= y_max_;
}

PixelRect Touched::rect() const {
  if (empty()) return {};
  return {static_cast<std::int64_t>(x_min_), static_cast<std::int64_t>(y_min_),
          static_cast<std::int64_t>(x_max_ - x_min_) + 1,
          static_cast<std::int64_t>(y_max_ - y_min_) + 1};
}

Trace trace_edge(std::span<const Arc> arcs, const Wcs& wcs, const Area& area, const Cap& reach,
                 Touched& touched) {
  return Tracer(wcs, area, reach, touched).run(arcs);
}

}  // namespace recorte::sky
