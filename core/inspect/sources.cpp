// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/sources.hpp"

#include "core/cutout/candidates.hpp"

namespace recorte::inspect {

Result<Sources> sources_of(const cutout::Survey& survey) {
  cutout::CutoutRequest request;
  request.survey = survey.id;
  request.stencil = sky::Circle{{0, 0}, 180};
  Sources out;
  const cutout::Watch watch;
  const plugin::Call call({.request_id = "check"});
  const auto asked = cutout::for_each_candidate(survey, request, {}, call, watch,
                                                [&](cutout::Source source) -> Status {
                                                  if (out.images.size() >= kMost) {
                                                    out.all = false;
                                                    return fail(ErrorCode::kCancelled, "enough");
                                                  }
                                                  if (source.plane(RECORTE_IMAGE))
                                                    out.images.push_back(std::move(source));
                                                  return {};
                                                });
  if (!asked && out.all) return fail(asked.error());
  return out;
}

std::optional<sky::Footprint> footprint_of(const cutout::Source& source) {
  if (source.s_region.empty()) return {};
  auto footprint = sky::parse_s_region(source.s_region);
  if (!footprint) return {};
  return std::move(*footprint);
}

bool is_for_all(const cutout::Survey& survey, const cutout::Source& source) {
  const auto group =
      survey.access.group_of(source.release.empty() ? survey.release : source.release);
  return survey.access.group_of_image(source.access_group).empty() &&
         (group.empty() || group == survey.access.group_of(survey.release));
}

std::vector<coverage::Place> places_of(const std::vector<cutout::Source>& images) {
  std::vector<coverage::Place> out;
  for (const auto& image : images)
    if (auto footprint = footprint_of(image)) out.push_back({image.band, std::move(*footprint)});
  return out;
}

std::vector<std::string> bands_of(const cutout::Survey& survey) {
  std::vector<std::string> out;
  for (const auto& band : survey.bands) out.push_back(band.name);
  return out;
}

}  // namespace recorte::inspect
