/// The colour mapping of Lupton et al. (2004, PASP 116, 133): one arcsinh stretch of the mean
/// intensity, shared by the three channels, so that colour does not change with brightness; a
/// channel past white takes the others down with it. Constants as in SDSS pictures and astropy's
/// make_lupton_rgb.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace lupton {

inline constexpr double kWhite = 255;
/// The intensity, as a fraction of the stretch, at which Q does not change the brightness.
inline constexpr double kPivot = 0.1;

class Mapping {
 public:
  Mapping() = default;
  /// minimum: the flux shown black, by channel; stretch: the range of the linear part, in flux; q:
  /// softening.
  Mapping(std::array<double, 3> minimum, double stretch, double q)
      : minimum_(minimum), soften_(q / stretch), slope_(kPivot * kWhite / std::asinh(kPivot * q)) {}

  /// n pixels of red, green and blue flux to bytes. NaN counts as black.
  void row(const std::array<const float*, 3>& in, const std::array<std::uint8_t*, 3>& out,
           std::size_t n) const {
    for (std::size_t i = 0; i < n; ++i) {
      std::array<double, 3> flux{};
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = static_cast<double>(in[c][i]) - minimum_[c];
        flux[c] = std::isnan(value) ? 0 : value;
      }
      const double intensity = (flux[0] + flux[1] + flux[2]) / 3;
      const double factor =
          intensity > 0 ? slope_ * std::asinh(intensity * soften_) / intensity : 0;
      double brightest = 0;
      for (auto& f : flux) {
        f = std::max(f * factor, 0.0);
        brightest = std::max(brightest, f);
      }
      const double fit = brightest > kWhite ? kWhite / brightest : 1;
      for (std::size_t c = 0; c < 3; ++c) out[c][i] = static_cast<std::uint8_t>(flux[c] * fit);
    }
  }

 private:
  std::array<double, 3> minimum_{};
  double soften_ = 1, slope_ = 1;
};

}  // namespace lupton
