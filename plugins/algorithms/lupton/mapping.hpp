/// The colour mapping of Lupton et al. (2004, PASP 116, 133): one arcsinh stretch of the mean
/// intensity, shared by the three channels, so that colour does not change with brightness; a
/// channel past white takes the others down with it. Constants as in SDSS pictures and astropy's
/// make_lupton_rgb.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lupton {

enum class Vectors { kNone, kAvx2, kAvx512 };

/// The widest of the machine.
Vectors best_vectors();

class Mapping {
 public:
  Mapping() = default;
  /// minimum: the flux shown black, by channel; stretch: the range of the linear part, in flux; q:
  /// softening; both above 0.
  Mapping(std::array<double, 3> minimum, double stretch, double q);

  /// n pixels of red, green and blue flux to bytes. NaN counts as black. The bytes are the same
  /// whatever the vectors are, which the machine must have.
  void row(const std::array<const float*, 3>& in, const std::array<std::uint8_t*, 3>& out,
           std::size_t n, Vectors vectors = best_vectors()) const;

 private:
  std::array<double, 3> minimum_{};
  double soften_ = 1, slope_ = 1;
};

}  // namespace lupton
