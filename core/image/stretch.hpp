/// From flux to a byte: what a screen can show. The formulas are those of
/// sdk/include/recorte/services.h.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace recorte::image {

enum class Curve { kLinear, kSqrt, kLog, kAsinh };

/// in and out of one length; NaN gives 0. Without a finite softness above zero, kLog and kAsinh are
/// linear.
void stretch(Curve curve, double black, double white, double softness, std::span<const float> in,
             std::span<std::uint8_t> out);
/// … with the vector instructions named, which change nothing but the speed.
void stretch(Curve curve, double black, double white, double softness, std::span<const float> in,
             std::span<std::uint8_t> out, Simd level);
/// The values below which `low` and `high` per cent of the finite samples lie; nullopt where there
/// is none.
std::optional<std::pair<double, double>> percentiles(std::span<const float> samples, double low,
                                                     double high);

/// The display limits of IRAF's zscale (NOAO, `display`): a line is fitted to the sorted samples,
/// those farther than 2.5 deviations from it and their neighbours rejected, five times at most; its
/// slope, divided by `contrast` (usually 0.25), is drawn from the median to either end. Uses at
/// most a thousand finite samples, spread evenly. The extremes where less than half of them stay;
/// nullopt where there is none.
std::optional<std::pair<double, double>> zscale(std::span<const float> samples, double contrast);

}  // namespace recorte::image
