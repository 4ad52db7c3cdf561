/// What an adapter answers before any image is opened, and who may have it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/source.hpp"
#include "core/cutout/watch.hpp"
#include "core/plugin/host.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::cutout {

/// The C form of a region, borrowing `vertices`.
recorte_region region_of(const sky::Stencil& stencil, double pixel_scale,
                         std::vector<double>& vertices);

/// Whether members of these groups may look for images of the release, "" for that which is served
/// where none is named. kForbidden names the group.
Status allowed(const Survey& survey, const std::string& release,
               const std::vector<std::string>& groups);
/// The same of one image, which may have a group of its own.
Status allowed(const Survey& survey, const Source& source, const CutoutRequest& request,
               const std::vector<std::string>& groups);
/// kNotFound where the survey has no such release.
Status check_release(const Survey& survey, const CutoutRequest& request);
/// Whether it is of the times and the variant asked for, or is asked for by name.
bool answers(const Survey& survey, const Source& source, const CutoutRequest& request);

/// Hears every source that the adapter names for the region and bands (none: all); an error of
/// `found` ends the search. kPlugin names the survey.
Status for_each_candidate(const Survey& survey, const CutoutRequest& request,
                          const std::vector<Band>& bands, const plugin::Call& call,
                          const Watch& watch, const std::function<Status(Source)>& found);
/// The same, all together.
Result<std::vector<Source>> candidates(const Survey& survey, const CutoutRequest& request,
                                       const std::vector<Band>& bands, const plugin::Call& call,
                                       const Watch& watch);

}  // namespace recorte::cutout
