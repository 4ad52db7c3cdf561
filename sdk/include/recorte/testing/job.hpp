/// The images that an algorithm under test is given.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "services.hpp"

#include <functional>

namespace recorte::testkit {

/// Where an image lies: gnomonic, north up and east left.
struct Grid {
  double ra = 150, dec = 2;  ///< of pixel (x, y), ICRS degrees
  double x = 0, y = 0;       ///< counted from 0
  double scale = 1;          ///< arcsec a pixel

  std::pair<double, double> to_sky(double px, double py) const {
    const double xi = -(px - x) * scale * kArcsec, eta = (py - y) * scale * kArcsec;
    const double sin0 = std::sin(dec * kDegree), cos0 = std::cos(dec * kDegree);
    const double d = cos0 - eta * sin0;
    const double a = std::atan2(xi, d) / kDegree + ra;
    return {std::fmod(a + 720, 360), std::atan2(sin0 + eta * cos0, std::hypot(xi, d)) / kDegree};
  }
  /// NaN on the other half of the sky.
  std::pair<double, double> to_pixel(double a, double b) const {
    const double sin0 = std::sin(dec * kDegree), cos0 = std::cos(dec * kDegree);
    const double s = std::sin(b * kDegree), c = std::cos(b * kDegree);
    const double turn = (a - ra) * kDegree, d = s * sin0 + c * cos0 * std::cos(turn);
    if (d <= 0) return {NAN, NAN};
    const double xi = c * std::sin(turn) / d, eta = (s * cos0 - c * sin0 * std::cos(turn)) / d;
    return {x - xi / (scale * kArcsec), y + eta / (scale * kArcsec)};
  }

 private:
  static constexpr double kDegree = std::numbers::pi / 180, kArcsec = kDegree / 3600;
};

/// One image, its pixels by a function of x and y, counted from 0 at the bottom left.
struct Picture {
  using Pixels = std::function<double(std::int64_t x, std::int64_t y)>;
  std::string band = "g";
  std::int64_t width = 16, height = 16;
  Pixels pixel = [](std::int64_t, std::int64_t) { return 0.0; };
  int bitpix = RECORTE_F32;
  Grid grid = {};
  std::map<recorte_role, Pixels> planes = {};  ///< weight, variance, mask (16-bit integers)
  std::string id = "";                         ///< "": by number and band
  double zeropoint = NAN;
  std::string unit = "";
};

class Job {
 public:
  /// The next image. They are given to the algorithm by band, in the order of the bands, then in
  /// that of being added.
  Job& add(Picture picture) {
    pictures_.push_back(std::move(picture));
    return *this;
  }
  /// The user's parameters, JSON; the defaults of the manifest's params_schema are added.
  Job& params(std::string_view json) {
    params_ = Settings(json);
    return *this;
  }
  /// The bands asked for; else those of the images.
  Job& bands(std::vector<std::string> names) {
    bands_ = std::move(names);
    return *this;
  }
  /// The planes asked for; else the image.
  Job& planes(const std::vector<recorte_role>& roles) {
    roles_ = 0;
    for (const auto role : roles) roles_ |= 1U << role;
    return *this;
  }
  /// The region: a box about a place, degrees; else all of the first image.
  Job& select(double ra, double dec, double width, double height) {
    region_ = {ra, dec, width, height};
    return *this;
  }

 private:
  friend class Algorithm;
  friend class Run;
  std::vector<Picture> pictures_;
  std::vector<std::string> bands_;
  Settings params_{"{}"};
  std::uint32_t roles_ = 1U << RECORTE_IMAGE;
  std::optional<std::array<double, 4>> region_;
};

}  // namespace recorte::testkit
