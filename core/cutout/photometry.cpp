// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/photometry.hpp"

#include <cmath>

namespace recorte::cutout {
namespace {

auto differ(const Located& a, const Located& b, const std::string& how) {
  return fail(ErrorCode::kUsage, "the images " + a.source.id + " and " + b.source.id +
                                     " are not combined: " + how +
                                     "; ask for algorithm=cut, or for one of them by image");
}

}  // namespace

std::string unit_of(const Located& located) {
  if (!located.source.unit.empty()) return located.source.unit;
  return located.image->info.header.text("BUNIT").value_or("");
}

Result<std::vector<double>> flux_factors(const Location& location, const std::string& band) {
  std::vector<double> out;
  const Located* first = nullptr;
  for (const auto& located : location.images) {
    if (!band.empty() && located.source.band != band) {
      out.push_back(1);
      continue;
    }
    if (!first || first->source.band != located.source.band) first = &located;
    const double reference = first->source.zeropoint;
    const double own = located.source.zeropoint;
    if (std::isnan(reference) != std::isnan(own))
      return differ(*first, located, "the survey declares the zero point of only one of them");
    if (const auto a = unit_of(*first), b = unit_of(located); a != b)
      return differ(*first, located, "their units are '" + a + "' and '" + b + "'");
    out.push_back(std::isnan(own) || own == reference ? 1 : std::pow(10, 0.4 * (reference - own)));
  }
  return out;
}

}  // namespace recorte::cutout
