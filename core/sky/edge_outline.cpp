// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/edge_outline.hpp"

#include "core/sky/surroundings.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::sky {
namespace {

constexpr double kFlat = 0.002;         // pixels between a quartic and its chords
constexpr double kSmooth = 32 * 0.002;  // pixels: a fourth difference so small leaves the quartic
                                        // 0.002 from the edge (its error is 0.03 fifth differences)
constexpr double kFinest = 1e-4;        // pixels: a piece so short that is not smooth is a jump
constexpr std::size_t kMostPieces = 256;  // an arc: a great circle across an image takes some tens
constexpr double kClear = 0.1;            // pixels: so far from the pixel centres nothing counts

struct Piece {
  std::size_t arc;
  double begin, end;  ///< of t
  std::array<Pixel, 5> points;
  enum class State { kOpen, kSmooth, kFar } state = State::kOpen;
};

/// The differences of the five points, in one coordinate.
struct Differences {
  double p0, d1, d2, d3, d4;
  double bend;  ///< the greatest second difference

  Differences(const Piece& piece, double Pixel::*axis) {
    std::array<double, 5> d;
    for (int i = 0; i < 5; ++i) d[i] = piece.points[i].*axis;
    p0 = d[0];
    bend = 0;
    std::array<double, 4> first{};
    for (int order = 1; order < 5; ++order) {
      for (int i = 0; i + order < 5; ++i) d[i] = d[i + 1] - d[i];
      if (order == 2) bend = std::max({std::abs(d[0]), std::abs(d[1]), std::abs(d[2])});
      first[order - 1] = d[0];
    }
    d1 = first[0];
    d2 = first[1];
    d3 = first[2];
    d4 = first[3];
  }

  /// The quartic (Newton's form) at s, which is 0 … 4 at the points.
  double at(double s) const {
    return p0 + s * (d1 + (s - 1) / 2 * (d2 + (s - 2) / 3 * (d3 + (s - 3) / 4 * d4)));
  }
};

class Outliner {
 public:
  Outliner(std::span<const Arc> arcs, const Wcs& wcs, const Surroundings& around)
      : arcs_(arcs), wcs_(wcs), around_(around) {
    for (const auto& arc : arcs_) speeds_.push_back(speed_of(arc));
  }

  std::optional<std::vector<Segment>> run() {
    for (std::size_t arc = 0; arc < arcs_.size(); ++arc) cut(arc, 0, 1);
    project_all();
    for (bool open = true; open;) {
      open = false;
      for (auto& piece : pieces_) {
        if (piece.state != Piece::State::kOpen) continue;
        const double reach = step(piece) * around_.pixels_per_degree;
        piece.state = judge(piece, reach);
        if (piece.state != Piece::State::kOpen) continue;
        if (reach < kFinest) return {};
        open = true;
      }
      if (open) halve();
      if (pieces_.size() > kMostPieces * (1 + arcs_.size())) return {};
    }
    if (!chain()) return {};
    return std::move(segments_);
  }

 private:
  /// Degrees of sky from point to point.
  double step(const Piece& piece) const {
    return speeds_[piece.arc] * (piece.end - piece.begin) / 4;
  }

  /// Pieces near the rectangle's sky, with points no farther apart than the margin.
  void cut(std::size_t arc, double begin, double end) {
    const double middle = (begin + end) / 2;
    const double half = speeds_[arc] * (end - begin) / 2;
    if (!meets({arcs_[arc](middle), half + 1e-12}, around_.sky)) return;
    if (half / 2 * around_.pixels_per_degree <= around_.margin) {
      pieces_.push_back({arc, begin, end, {}});
      return;
    }
    cut(arc, begin, middle);
    cut(arc, middle, end);
  }

  void put(const Piece& piece, int eighths) {
    const Position at =
        to_position(arcs_[piece.arc](piece.begin + (piece.end - piece.begin) * eighths / 8));
    radec_.push_back(at.ra);
    radec_.push_back(at.dec);
  }

  void project() {
    xy_.resize(radec_.size());
    wcs_.to_pixel(radec_, xy_);
    radec_.clear();
    next_ = 0;
  }

  Pixel take() {
    next_ += 2;
    return {xy_[next_ - 2], xy_[next_ - 1]};
  }

  void project_all() {
    for (const auto& piece : pieces_)
      for (const int eighths : {0, 2, 4, 6, 8}) put(piece, eighths);
    project();
    for (auto& piece : pieces_)
      for (auto& point : piece.points) point = take();
  }

  /// Far where no point of the piece comes to the rectangle: it would have to cross the margin,
  /// where the plane goes no faster than the sky allows.
  Piece::State judge(const Piece& piece, double reach) const {
    const auto far = [&](const Pixel& p) { return around_.distance(p) > reach + kClear; };
    if (std::all_of(piece.points.begin(), piece.points.end(), far)) return Piece::State::kFar;
    const auto projected = [](const Pixel& p) { return std::isfinite(p.x) && std::isfinite(p.y); };
    if (!std::all_of(piece.points.begin(), piece.points.end(), projected))
      return Piece::State::kOpen;
    const double rest =
        std::abs(Differences(piece, &Pixel::x).d4) + std::abs(Differences(piece, &Pixel::y).d4);
    return rest <= kSmooth ? Piece::State::kSmooth : Piece::State::kOpen;
  }

  /// Every open piece into two, in order.
  void halve() {
    for (const auto& piece : pieces_)
      if (piece.state == Piece::State::kOpen)
        for (const int eighths : {1, 3, 5, 7}) put(piece, eighths);
    project();
    std::vector<Piece> halves;
    for (const auto& piece : pieces_) {
      if (piece.state != Piece::State::kOpen) {
        halves.push_back(piece);
        continue;
      }
      const double middle = (piece.begin + piece.end) / 2;
      const auto& p = piece.points;
      const std::array<Pixel, 4> q{take(), take(), take(), take()};
      halves.push_back({piece.arc, piece.begin, middle, {p[0], q[0], p[1], q[1], p[2]}});
      halves.push_back({piece.arc, middle, piece.end, {p[2], q[2], p[3], q[3], p[4]}});
    }
    pieces_ = std::move(halves);
  }

  void flatten(const Piece& piece) {
    const Differences x(piece, &Pixel::x);
    const Differences y(piece, &Pixel::y);
    const double bend = x.bend + y.bend + std::abs(x.d4) + std::abs(y.d4);
    const int chords = 4 * std::max(1, static_cast<int>(std::ceil(std::sqrt(bend / (8 * kFlat)))));
    Pixel from = piece.points[0];
    for (int i = 1; i <= chords; ++i) {
      const double s = 4.0 * i / chords;
      const Pixel to = i == chords ? piece.points[4] : Pixel{x.at(s), y.at(s)};
      segments_.push_back({from, to});
      from = to;
    }
  }

  /// Bridges what rounding leaves between two points that are one on the sky.
  bool join(const std::optional<Pixel>& from, const std::optional<Pixel>& to) {
    if (from && to && std::hypot(from->x - to->x, from->y - to->y) < kOutlineError / 2) {
      segments_.push_back({*from, *to});
      return true;
    }
    const auto elsewhere = [&](const auto& p) { return !p || around_.distance(*p) > kClear / 2; };
    return elsewhere(from) && elsewhere(to);
  }

  bool chain() {
    std::vector<std::optional<Pixel>> firsts(arcs_.size()), lasts(arcs_.size());
    const Piece* before = nullptr;
    for (const auto& piece : pieces_) {
      if (piece.state == Piece::State::kSmooth) {
        const bool follows = before && before->arc == piece.arc && before->end == piece.begin;
        if (follows && !join(before->points[4], piece.points[0])) return false;
        flatten(piece);
        if (piece.begin == 0) firsts[piece.arc] = piece.points[0];
        if (piece.end == 1) lasts[piece.arc] = piece.points[4];
        before = &piece;
      }
    }
    for (std::size_t i = 0; i < arcs_.size(); ++i) {
      const bool closed = separation(arcs_[i](0), arcs_[i](1)) < 1e-6 * speeds_[i];
      if (!join(lasts[i], firsts[closed ? i : (i + 1) % arcs_.size()])) return false;
    }
    return true;
  }

  std::span<const Arc> arcs_;
  const Wcs& wcs_;
  const Surroundings& around_;
  std::vector<double> speeds_;
  std::vector<Piece> pieces_;  ///< by arc and t
  std::vector<Segment> segments_;
  std::vector<double> radec_, xy_;
  std::size_t next_ = 0;  ///< in xy_
};

}  // namespace

std::optional<std::vector<Segment>> outline_edge(std::span<const Arc> arcs, const Wcs& wcs,
                                                 const PixelRect& rect) {
  const auto around = Surroundings::of(wcs, rect);
  if (!around) return {};
  return Outliner(arcs, wcs, *around).run();
}

double speed_of(const Arc& arc) {
  constexpr double kShort = 1.0 / 1024;
  return separation(arc(0), arc(kShort)) / kShort;
}

}  // namespace recorte::sky
