// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/projection.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::coverage {
namespace {

using sky::Vector;

/// A little room around what is shown.
constexpr double kMargin = 1.08;

Vector sum(double a, const Vector& u, double b, const Vector& v, double c, const Vector& w) {
  Vector out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = a * u[i] + b * v[i] + c * w[i];
  return out;
}

/// Lambert's plane: the distance from the middle of what is so many degrees away.
double lambert(double degrees) { return 2 * std::sin(degrees / 2 * sky::kDegree); }

}  // namespace

Projection Projection::whole(double longitude, std::int64_t width) {
  Projection out;
  out.width_ = width;
  out.height_ = width / 2;
  out.whole_ = true;
  out.scale_ = static_cast<double>(width) / (4 * std::sqrt(2) * kMargin);
  out.ahead_ = sky::to_vector({longitude, 0});
  out.north_ = {0, 0, 1};
  out.east_ = sky::cross(out.north_, out.ahead_);
  out.shown_ = {out.ahead_, 180};
  return out;
}

Projection Projection::part(const sky::Cap& cap, std::int64_t side) {
  Projection out;
  out.width_ = out.height_ = side;
  const double half = lambert(cap.radius) * kMargin;
  out.scale_ = static_cast<double>(side) / 2 / half;
  out.ahead_ = cap.centre;
  // At a pole any direction is north of it.
  const double level = std::hypot(cap.centre[0], cap.centre[1]);
  out.east_ =
      level > 0 ? Vector{-cap.centre[1] / level, cap.centre[0] / level, 0} : Vector{0, 1, 0};
  out.north_ = sky::cross(out.ahead_, out.east_);
  out.shown_ = {cap.centre, 2 * std::asin(std::min(1.0, half * std::sqrt(0.5))) / sky::kDegree};
  return out;
}

std::optional<Vector> Projection::sky_at(draw::Point pixel) const {
  const double x = -(pixel.x - static_cast<double>(width_ - 1) / 2) / scale_;  // to the east
  const double y = -(pixel.y - static_cast<double>(height_ - 1) / 2) / scale_;
  if (whole_) {
    const double square = 1 - x * x / 16 - y * y / 4;
    if (square < 0.5) return {};
    const double z = std::sqrt(square);
    const double longitude = 2 * std::atan2(z * x, 2 * (2 * z * z - 1));
    const double latitude = std::asin(std::clamp(y * z, -1.0, 1.0));
    return sum(std::cos(latitude) * std::cos(longitude), ahead_,
               std::cos(latitude) * std::sin(longitude), east_, std::sin(latitude), north_);
  }
  const double square = x * x + y * y;
  if (square > 4) return {};
  const double k = std::sqrt(1 - square / 4);
  return sum(1 - square / 2, ahead_, k * x, east_, k * y, north_);
}

std::optional<draw::Point> Projection::pixel_of(const Vector& direction) const {
  const double a = sky::dot(direction, ahead_);
  const double e = sky::dot(direction, east_);
  const double n = sky::dot(direction, north_);
  double x = 0, y = 0;
  if (whole_) {
    const double longitude = std::atan2(e, a);
    const double level = std::hypot(e, a);
    const double k = std::sqrt(2 / (1 + level * std::cos(longitude / 2)));
    x = 2 * k * level * std::sin(longitude / 2);
    y = k * n;
  } else {
    if (a <= -0.999) return {};
    const double k = std::sqrt(2 / (1 + a));
    x = k * e;
    y = k * n;
  }
  const draw::Point out{static_cast<double>(width_ - 1) / 2 - x * scale_,
                        static_cast<double>(height_ - 1) / 2 - y * scale_};
  if (out.x < -0.5 || out.y < -0.5 || out.x > static_cast<double>(width_) - 0.5 ||
      out.y > static_cast<double>(height_) - 0.5)
    return {};
  return out;
}

}  // namespace recorte::coverage
