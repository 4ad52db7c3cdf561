// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/grid.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace recorte::coverage {
namespace {

using draw::Point;

constexpr int kPoints = 200;        // along a line
constexpr double kWantedLines = 5;  // across the picture

/// Degrees from line to line: 1, 2 or 5 of a power of ten; 15, 30 where there is much sky.
double step_for(double across) {
  for (const double step : {30.0, 15.0})
    if (across / step >= kWantedLines - 1) return step;
  for (double power = 10; power > 1e-9; power /= 10)
    for (const double step : {power, power / 2, power / 5})
      if (across / step >= kWantedLines - 1) return step;
  return 1e-9;
}

/// What is shown of right ascension and declination, in degrees; ra_from may be below zero.
struct Window {
  double ra_from = 0, ra_to = 360, dec_from = -90, dec_to = 90;
};

Window window_of(const Projection& projection) {
  const auto& cap = projection.shown();
  if (projection.is_whole()) return {};
  const auto centre = sky::to_position(cap.centre);
  Window out{0, 360, std::max(-90.0, centre.dec - cap.radius),
             std::min(90.0, centre.dec + cap.radius)};
  if (out.dec_from <= -90 || out.dec_to >= 90) return out;
  const double half = std::asin(std::min(1.0, std::sin(std::min(cap.radius, 90.0) * sky::kDegree) /
                                                  std::cos(centre.dec * sky::kDegree))) /
                      sky::kDegree;
  out.ra_from = centre.ra - half;
  out.ra_to = centre.ra + half;
  return out;
}

std::string degrees(double value) { return number_text(std::round(value * 1e9) / 1e9) + "°"; }

class Maker {
 public:
  Maker(const Projection& projection, const draw::Font& font, double halo)
      : projection_(projection), font_(font), halo_(halo) {}

  /// A line through what `at` gives for t in [0, 1]; its label where `better` likes it most.
  void line(const std::function<sky::Position(double)>& at, const std::string& label,
            const std::function<bool(const Point&, const Point&)>& better) {
    std::vector<Point> run;
    std::optional<Point> place;
    const auto end_run = [&] {
      if (run.size() > 1) grid_.lines.push_back(run);
      run.clear();
    };
    for (int i = 0; i <= kPoints; ++i) {
      const auto point = projection_.pixel_of(sky::to_vector(at(static_cast<double>(i) / kPoints)));
      const double far = static_cast<double>(projection_.width()) / 4;
      if (!point || (!run.empty() && std::abs(point->x - run.back().x) > far)) end_run();
      if (!point) continue;
      run.push_back(*point);
      if (!place || better(*point, *place)) place = point;
    }
    end_run();
    if (place) write(label, *place);
  }

  Grid finish() { return std::move(grid_); }

 private:
  void write(const std::string& label, const Point& at) {
    const auto text = decode_utf8(label);
    const std::int64_t width = font_.width(text);
    const std::int64_t pad = font_.size() / 3 + 1;
    const auto x = std::clamp(static_cast<std::int64_t>(at.x) + pad, pad,
                              std::max(pad, projection_.width() - width - pad));
    const auto y = std::clamp(static_cast<std::int64_t>(at.y) - pad, font_.ascent() + pad,
                              projection_.height() - font_.descent() - pad);
    const draw::Box box{x - pad, y - font_.ascent() - pad, x + width + pad,
                        y + font_.descent() + pad};
    for (const auto& other : grid_.labels)
      if (!draw::intersection(other.box, box).empty()) return;
    draw::Canvas canvas(draw::intersection(box, {0, 0, projection_.width(), projection_.height()}));
    font_.draw(canvas, text, x, y);
    grid_.labels.push_back(canvas.finish(halo_));
  }

  const Projection& projection_;
  const draw::Font& font_;
  double halo_;
  Grid grid_;
};

}  // namespace

Grid make_grid(const Projection& projection, const draw::Font& font, double halo) {
  const auto window = window_of(projection);
  const double dec_step = step_for(window.dec_to - window.dec_from);
  const double ra_step =
      projection.is_whole() ? 30 : step_for(std::min(180.0, window.ra_to - window.ra_from));
  Maker maker(projection, font, halo);
  const auto at_left = [](const Point& a, const Point& b) { return a.x < b.x; };
  const double equator = static_cast<double>(projection.height()) / 2;
  const auto low = [&](const Point& a, const Point& b) {
    if (projection.is_whole()) return std::abs(a.y - equator) < std::abs(b.y - equator);
    return a.y > b.y;
  };
  for (double n = std::ceil(window.dec_from / dec_step); n * dec_step <= window.dec_to; ++n) {
    const double dec = n * dec_step;
    if (std::abs(dec) > 90 - 1e-9) continue;
    maker.line(
        [&](double t) {
          return sky::Position{window.ra_from + t * (window.ra_to - window.ra_from), dec};
        },
        degrees(dec), at_left);
  }
  const double last = window.ra_to - (window.ra_to - window.ra_from >= 360 ? 1e-9 : 0);
  for (double n = std::ceil(window.ra_from / ra_step); n * ra_step <= last; ++n) {
    const double ra = n * ra_step;
    maker.line(
        [&](double t) {
          return sky::Position{ra, window.dec_from + t * (window.dec_to - window.dec_from)};
        },
        degrees(std::fmod(ra + 360, 360)), low);
  }
  return maker.finish();
}

}  // namespace recorte::coverage
