/// Every image that a survey's adapter names, whatever the adapter: one question over the whole
/// sky.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/coverage/coverage.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/source.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace recorte::inspect {

struct Sources {
  std::vector<cutout::Source> images;
  bool all = true;  ///< false: there are more than kMost, of which these come first
};
inline constexpr std::size_t kMost = 2'000'000;

/// kPlugin where the adapter fails.
Result<Sources> sources_of(const cutout::Survey& survey);

/// Where the adapter says that it lies; nullopt where it does not say so, or says no region.
std::optional<sky::Footprint> footprint_of(const cutout::Source& source);

/// Whether everyone who may see the survey may see the image: it has no group of its own.
bool is_for_all(const cutout::Survey& survey, const cutout::Source& source);
/// Of the images whose place is known.
std::vector<coverage::Place> places_of(const std::vector<cutout::Source>& images);
/// The names of the survey's bands.
std::vector<std::string> bands_of(const cutout::Survey& survey);

}  // namespace recorte::inspect
