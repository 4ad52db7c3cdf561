/// Intervals as users write them (DALI 1.1, 3.3.4): two limits with a blank or a slash between
/// them, or one value, which is a point. An infinite limit is an open end; limits beyond what there
/// is clip.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>

namespace recorte::cutout {

struct Interval {
  double from, to;  ///< from <= to; neither is NaN
};

/// MJD, from numbers or ISO 8601.
Result<Interval> parse_time_interval(std::string_view text);
/// Metres.
Result<Interval> parse_wavelength_interval(std::string_view text);
/// The text that the parsers read; "" where both ends are open.
std::string interval_text(Interval interval);

}  // namespace recorte::cutout
