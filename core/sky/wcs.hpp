/// World coordinates of one image by WCSLIB (FITS papers I, II, IV; SIP and TPV as WCSLIB has
/// them), between 0-based pixels (the centre of FITS pixel (1, 1) is (0, 0)) and ICRS degrees,
/// whatever frame the image uses (ICRS, FK5 and FK4 of any equinox, galactic, ecliptic; by ERFA).
/// Immutable after construction; copies share; calls are safe from several threads on different
/// copies, each copy one thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/vector.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace recorte::sky {

struct Pixel {
  double x = 0, y = 0;
};

class Wcs {
 public:
  /// From FITS header cards of 80 characters each, end to end, without END.
  /// Refuses a header without two celestial axes or one that WCSLIB
  /// refuses, naming the card where WCSLIB does. Axes beyond the celestial pair are held at their
  /// reference pixel.
  static Result<Wcs> parse(std::string_view cards);

  /// n points, interleaved x y → ra dec (degrees, ra in [0, 360)). What has no sky becomes NaN.
  void to_sky(std::span<const double> xy, std::span<double> radec) const;
  /// n points, interleaved. What does not project (the far hemisphere of TAN too) becomes NaN.
  void to_pixel(std::span<const double> radec, std::span<double> xy) const;
  Position to_sky(Pixel pixel) const;
  Pixel to_pixel(Position position) const;

  /// Nominal size of a pixel along each pixel axis, in degrees: the column norms of the linear part
  /// (the same everywhere on the image and in every image of a uniform survey; distortion and
  /// projection left out).
  double scale_x() const;
  double scale_y() const;
  /// True where an image with all four corners on the sky may still hold pixels that are not, or
  /// neighbouring pixels that are apart on the sky (conic, polyconic, HEALPix and cube
  /// projections).
  bool has_seams() const;
  /// True where a distortion (SIP, TPV and the like) lies between pixels and projection: beyond the
  /// image it means nothing.
  bool distorted() const;
  /// Of a zenithal projection (TAN, SIN, ZEA, …), the direction opposite to its pole: the only
  /// place where the plane's border is not a line on the sky. None of the others.
  std::optional<Vector> antipode() const;

 private:
  struct Impl;
  explicit Wcs(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace recorte::sky
