/// What a survey covers, band by band.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/moc.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace recorte::coverage {

/// An image, as far as coverage goes.
struct Place {
  std::string band;
  sky::Footprint footprint;
};

struct BandCoverage {
  std::string band;
  std::size_t images = 0;
  sky::Coverage sky;
};

struct SurveyCoverage {
  std::vector<BandCoverage> bands;  ///< those with images, in the order asked for
  sky::Coverage sky;                ///< of all of them together
};

/// `bands` are the survey's, in its order; what is in none of them comes last. `progress` hears of
/// images done and of all.
SurveyCoverage survey_coverage(
    const std::vector<Place>& places, const std::vector<std::string>& bands,
    const std::function<void(std::size_t done, std::size_t total)>& progress = {});

/// "5012", "0.513", "1.2e-05": areas and the like, for people.
std::string short_text(double number);

}  // namespace recorte::coverage
