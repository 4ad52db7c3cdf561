/// What a Wcs holds. WCSLIB's struct keeps scratch memory inside, so every call locks it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/frame.hpp"
#include "core/sky/sip.hpp"
#include "core/sky/wcs.hpp"

#include <wcslib/wcs.h>

#include <array>
#include <mutex>
#include <optional>
#include <vector>

namespace recorte::sky {

struct Wcs::Impl {
  Impl() {
    wcs.flag = -1;
    wcsini(1, 2, &wcs);
  }
  ~Impl() { wcsfree(&wcs); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Pixels (0-based) to degrees in the image's own frame, in blocks of any size.
  void forward(std::span<const double> xy, std::span<double> lonlat) const;
  void backward(std::span<const double> lonlat, std::span<double> xy) const;
  /// Tightens the pixels that WCSLIB found for `world` until they map back exactly, or to NaN.
  void polish(std::span<const double> image, std::span<double> xy) const;

  mutable std::mutex mutex;
  mutable wcsprm wcs{};
  Frame frame;
  std::optional<Sip> sip;
  std::array<double, 4> jacobian{};  ///< of WCSLIB's distorted plane at the reference pixel
  double scale_x = 0, scale_y = 0;
  bool distorted = false;  ///< WCSLIB itself applies a distortion (TPV, TPD, DSS)
  bool seams = false;
  std::optional<Vector> antipode;
};

}  // namespace recorte::sky
