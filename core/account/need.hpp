/// What somebody must be allowed to see to have a product. It is noted where the product is made,
/// and asked again whenever it is fetched: groups are left, and surveys are closed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/account/survey_access.hpp"
#include "core/base/error.hpp"

#include <compare>
#include <string>

namespace recorte::account {

/// An image, or several that are alike, of a release of a survey.
struct Need {
  std::string survey, release;
  std::string release_group;  ///< whose the release was; "": everyone's
  std::string image_group;    ///< that the images said themselves; "": none
  bool noted = true;          ///< else neither group is known, but the product was made
  auto operator<=>(const Need&) const = default;
};

/// Whether they may have what was made of it, by the survey's rule as it is now, and by the groups
/// of its images as they were; what is not noted counts as the survey's own images. `now`: null
/// where the survey is not served any more: then its groups count as they were. kUnauthenticated or
/// kForbidden: whoever asks for a product knows of its survey.
Status may_have(const SurveyAccess* now, const Need& need, const Principal& principal);

/// Whether whoever may have it may share it by a link: the survey says so (share). One that is not
/// served any more says so of what was everyone's.
Status may_share(const SurveyAccess* now, const Need& need);

}  // namespace recorte::account
