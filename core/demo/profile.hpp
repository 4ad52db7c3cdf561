/// The light of one object on the sky as one band sees it, in counts per square arcsecond.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/demo/scene.hpp"
#include "core/demo/tile.hpp"

namespace recorte::demo {

/// A star is a Moffat (1969, A&A 3, 455) of index 2.7 with, where bright, four diffraction spikes
/// along the axes of the sky. A galaxy is a Sérsic profile (Graham & Driver 2005, PASA 22, 118) of
/// index 1 or 4, widened and rounded at the core by the band's seeing: near enough to a convolution
/// for a picture, and cheap.
class Profile {
 public:
  Profile(const Object& object, int band);

  /// At an offset from the object, arcsec to the east and to the north.
  double brightness(double east, double north) const;
  /// Arcsec beyond which it stays below `limit`, counts per square arcsec.
  double radius(double limit) const;

 private:
  double star(double east, double north) const;
  double arms(double along, double across) const;

  Shape shape_;
  int band_;
  bool spikes_ = false;
  double peak_ = 0;   // at the centre (stars) or where galaxies have their half-light radius
  double major_ = 1;  // arcsec: half-light radius, or the Moffat's alpha
  double minor_ = 1;
  double core_ = 0;  // arcsec
  double cosine_ = 1, sine_ = 0;
};

}  // namespace recorte::demo
