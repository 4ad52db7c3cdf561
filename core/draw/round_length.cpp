// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/round_length.hpp"

#include "core/base/text.hpp"

namespace recorte::draw {
namespace {

struct Unit {
  double per_degree;
  const char* sign;
  double smallest, end;  // of this unit, smallest <= length < end
};

constexpr Unit kUnits[] = {
    {3600, "\u2033", 0.001, 60}, {60, "\u2032", 1, 60}, {1, "\u00b0", 1, 101}};

// 100°, the longest, is at most 2.5 times shorter.
constexpr double kLongest = 250;
// Lengths computed in degrees and back may be a hair too short.
constexpr double kTolerance = 1 + 1e-12;

}  // namespace

std::optional<RoundLength> round_length(double longest) {
  if (longest > kLongest) return {};
  std::optional<RoundLength> best;
  for (const auto& unit : kUnits)
    for (const double thousandths : {1e0, 1e1, 1e2, 1e3, 1e4, 1e5})
      for (const double digit : {1.0, 2.0, 5.0}) {
        const double length = digit * thousandths / 1000;
        if (length < unit.smallest || length >= unit.end) continue;
        const double degrees = length / unit.per_degree;
        if (degrees <= longest * kTolerance)
          best = RoundLength{degrees, number_text(length) + unit.sign};
      }
  return best;
}

}  // namespace recorte::draw
