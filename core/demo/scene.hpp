/// The objects of the made-up sky, the same for every tile and band.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"

#include <array>
#include <vector>

namespace recorte::demo {

enum class Shape {
  kStar,
  kDisc,      ///< exponential
  kSpheroid,  ///< de Vaucouleurs
  kSpiral,    ///< an exponential disc with two arms and their dust
};

struct Object {
  Shape shape = Shape::kStar;
  sky::Position at;             ///< ICRS, degrees
  std::array<double, 3> mag{};  ///< AB, in g, r, i
  double radius = 0;            ///< half-light, along the major axis, arcsec
  double axis_ratio = 1;        ///< minor / major
  double angle = 0;             ///< of the major axis, degrees east of north
};

/// Where a place in a spiral's disc lies across its arms, in radians: 0 on the crest of an arm.
/// `radius` is in half-light radii, `azimuth` in radians from the major axis. The arms are
/// logarithmic spirals.
double arm_phase(double radius, double azimuth);

std::vector<Object> make_scene();

}  // namespace recorte::demo
