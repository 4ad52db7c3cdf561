// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/cover.hpp"

#include "core/cutout/band_choice.hpp"
#include "core/cutout/candidates.hpp"

#include <algorithm>

namespace recorte::cutout {

Cover cover(const Survey& survey, const CutoutRequest& request,
            const std::vector<std::string>& groups, const plugin::Call& call, const Watch& watch) {
  if (!allowed(survey, request.release, groups)) return Cover::kError;
  if (!check_release(survey, request)) return Cover::kError;
  const auto bands = bands_of(survey, request);
  if (!bands) return bands.error().code == ErrorCode::kNoCoverage ? Cover::kNone : Cover::kError;
  const auto sources = candidates(survey, request, *bands, call, watch);
  if (!sources || (!request.image.empty() && sources->empty())) return Cover::kError;
  bool forbidden = false;
  for (const auto& source : *sources) {
    const auto wanted = [&](const Band& band) { return band.name == source.band; };
    if (!bands->empty() && std::none_of(bands->begin(), bands->end(), wanted)) continue;
    if (!source.plane(RECORTE_IMAGE) || !answers(survey, source, request)) continue;
    if (allowed(survey, source, request, groups)) return Cover::kCovered;
    forbidden = true;
  }
  return forbidden ? Cover::kError : Cover::kNone;
}

}  // namespace recorte::cutout
