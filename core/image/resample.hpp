/// Interpolation of a float image at any places: nearest, bilinear, Lanczos-3.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <cstdint>
#include <span>

namespace recorte::image {

enum class Kernel { kNearest, kBilinear, kLanczos3 };  ///< each larger than the one before
/// Pixels that a kernel reaches beyond a place, on either side.
int reach(Kernel kernel);

/// A borrowed rectangle of an image: pixel (x0, y0) of the image is the first of `pixels`.
struct Patch {
  const float* pixels;
  std::int64_t row_length;  ///< pixels from row to row
  std::int64_t x0, y0, width, height;
};

/// out[i] = the image at the i-th place (x y, interleaved). NaN where the place is NaN or off the
/// patch by half a pixel or more, or where the nearest pixel is NaN. Where a larger kernel would
/// meet a NaN, the next smaller one is used, so that a hole does not grow. At the patch's edge
/// kernels are cut and what is left of them is normalised to sum 1, as Lanczos weights are
/// everywhere (Duchon 1979), so that a constant stays one. Lanczos weights are within 1e-9 of the
/// formula; sums are in double precision.
void interpolate(const Patch& patch, Kernel kernel, std::span<const double> places,
                 std::span<float> out);
/// … with the vector instructions named, which change nothing but the speed.
void interpolate(const Patch& patch, Kernel kernel, std::span<const double> places,
                 std::span<float> out, Simd level);

}  // namespace recorte::image
