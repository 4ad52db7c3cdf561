// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/profile.hpp"

#include <cmath>
#include <numbers>

namespace recorte::demo {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kMoffat = 2.7;
constexpr double kSpikeMag = 15.5;
// Sérsic's b, and the flux within a profile of unit radius and unit brightness there.
constexpr double kDiscB = 1.678347, kDiscFlux = 11.9485;
constexpr double kSpheroidB = 7.669249, kSpheroidFlux = 22.6652;

double flux_of(double mag) { return std::pow(10, 0.4 * (kZeroPoint - mag)); }

}  // namespace

Profile::Profile(const Object& object, int band) : shape_(object.shape), band_(band) {
  const double fwhm = kBands[band].fwhm;
  const double flux = flux_of(object.mag[band]);
  if (shape_ == Shape::kStar) {
    major_ = 0.5 * fwhm / std::sqrt(std::exp2(1 / kMoffat) - 1);
    peak_ = flux * (kMoffat - 1) / (kPi * major_ * major_);
    spikes_ = object.mag[1] < kSpikeMag;
    return;
  }
  const double seeing = 0.45 * fwhm;
  major_ = std::hypot(object.radius, seeing);
  minor_ = std::hypot(object.radius * object.axis_ratio, seeing);
  core_ = seeing / minor_;
  const double unit = shape_ == Shape::kSpheroid ? kSpheroidFlux : kDiscFlux;
  peak_ = flux / (unit * major_ * minor_);
  cosine_ = std::cos(object.angle * sky::kDegree);
  sine_ = std::sin(object.angle * sky::kDegree);
}

double Profile::star(double east, double north) const {
  const double r2 = (east * east + north * north) / (major_ * major_);
  double light = std::pow(1 + r2, -kMoffat);
  if (spikes_) {
    const auto spike = [](double along, double across) {
      return std::exp(-std::abs(along) / 5 - across * across / 0.18);
    };
    light += 0.0025 * (spike(east, north) + spike(north, east));
  }
  return peak_ * light;
}

double Profile::arms(double along, double across) const {
  const double radius = std::hypot(along, across);
  const double phase = arm_phase(radius, std::atan2(across, along));
  const double fade = radius * radius / (0.1 + radius * radius);  // none in the middle
  const double young = std::array{2.3, 1.7, 1.3}[band_];
  const double dust = std::array{0.62, 0.48, 0.36}[band_];
  const double crest = young * (std::exp(2.2 * (std::cos(phase) - 1)) - 0.33);
  const double lane = dust * std::exp(7 * (std::cos(phase + 0.9) - 1));
  return std::max(0.05, 1 + fade * crest) * (1 - fade * lane);
}

double Profile::brightness(double east, double north) const {
  if (shape_ == Shape::kStar) return star(east, north);
  const double along = (north * cosine_ + east * sine_) / major_;
  const double across = (east * cosine_ - north * sine_) / minor_;
  const double r2 = along * along + across * across + core_ * core_;
  if (shape_ == Shape::kSpheroid) {
    return peak_ * std::exp(-kSpheroidB * (std::sqrt(std::sqrt(std::sqrt(r2))) - 1));
  }
  const double disc = peak_ * std::exp(-kDiscB * (std::sqrt(r2) - 1));
  return shape_ == Shape::kSpiral ? disc * arms(along, across) : disc;
}

double Profile::radius(double limit) const {
  const double bound = shape_ == Shape::kSpiral ? limit / 2.5 : limit;  // an arm on the axis or not
  double radius = 1.5;
  while (radius < 130 && brightness(radius * sine_, radius * cosine_) > bound) radius *= 1.1;
  return radius;
}

}  // namespace recorte::demo
