/// The Simple Imaging Polynomial (Shupe et al. 2005, ASP Conf. 347, 491): what a detector's optics
/// add to pixel positions before the linear transformation. Evaluated here, not by WCSLIB, so that
/// headers with coefficients but no "-SIP" behave as they do in astropy, and the inverse is exact.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace recorte::sky {

class Sip {
 public:
  /// Coefficients a[p * (order + 1) + q] of u^p v^q, likewise b. Origin: 0-based reference pixel.
  struct Polynomial {
    int order = 0;
    std::vector<double> terms;
  };
  Sip(Polynomial a, Polynomial b, double x0, double y0);

  /// Detector pixels to undistorted ("focal plane") pixels, interleaved, in place.
  void distort(std::span<double> xy) const;
  /// The inverse by Newton's method; NaN where it does not converge.
  void undo(std::span<double> xy) const;

 private:
  Polynomial a_, b_;
  double x0_, y0_;
};

}  // namespace recorte::sky
