/// Whether pixel centres lie in a region, one by one: the truth that quicker roads must agree with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <span>
#include <vector>

namespace recorte::sky {

/// Keeps references to both.
class PixelTest {
 public:
  PixelTest(const Stencil& stencil, const Wcs& wcs);

  /// As contains().
  bool holds(const Vector& direction) const;
  /// n points of the pixel plane, interleaved. What has no sky lies outside.
  std::vector<char> operator()(std::span<const double> xy) const;

 private:
  const Stencil& stencil_;
  const Wcs& wcs_;
  std::vector<Vector> vertices_;  ///< of a polygon, made once
  Cap cap_;
};

}  // namespace recorte::sky
