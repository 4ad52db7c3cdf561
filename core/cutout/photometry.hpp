/// Whether images of a band may be combined, and by which factors: their zero points and units.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/locate.hpp"

#include <string>
#include <vector>

namespace recorte::cutout {

/// For each image of the location, what brings its pixels to the zero point of its band's first
/// image: 10^(0.4 (Z - z)), 1 where no image of the band has a zero point. Only of `band` where one
/// is named; 1 for the others. kUsage, naming two images, where some have one and others not, or
/// units differ.
Result<std::vector<double>> flux_factors(const Location& location, const std::string& band = "");

/// The unit of an image's pixels: the survey's word, else the header's; "" where neither has one.
std::string unit_of(const Located& located);

}  // namespace recorte::cutout
