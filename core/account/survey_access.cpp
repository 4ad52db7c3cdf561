// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/survey_access.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::account {
namespace {

bool has(std::span<const std::string> groups, std::string_view group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

/// Whether the credential is for other surveys only.
bool is_limited(const SurveyAccess& access, const Principal& principal) {
  const auto& surveys = principal.scopes.surveys;
  return !surveys.empty() && !has(surveys, access.survey);
}

bool opens_any(const SurveyAccess& access, const Principal& principal) {
  if (opens(principal.groups, access.survey, access.group_of(""))) return true;
  return std::any_of(access.releases.begin(), access.releases.end(), [&](const auto& release) {
    return opens(principal.groups, access.survey, release.second);
  });
}

std::string subject(const SurveyAccess& access, std::string_view release) {
  const auto survey = "the survey " + access.survey;
  return access.releases.contains(release) ? "the release " + std::string(release) + " of " + survey
                                           : survey;
}

Error forbidden(const SurveyAccess& access, std::string_view release, const Principal& principal) {
  if (is_limited(access, principal))
    return {ErrorCode::kForbidden, "this credential is for " +
                                       join(principal.scopes.surveys, ", ") +
                                       " alone, and not for the survey " + access.survey};
  const auto groups = named_groups(principal.groups);
  return {ErrorCode::kForbidden,
          subject(access, release) + " is for members of the group " +
              std::string(access.group_of(release)) +
              (groups.empty() ? "; you are in no group" : "; you are in " + join(groups, ", "))};
}

}  // namespace

std::string_view SurveyAccess::group_of(std::string_view release) const {
  const auto found = releases.find(release);
  if (found != releases.end()) return found->second;
  return by_image ? std::string_view() : group;
}

std::string_view SurveyAccess::group_of_image(std::string_view said) const {
  return !by_image && said == group ? std::string_view() : said;
}

bool opens(std::span<const std::string> groups, std::string_view survey, std::string_view group) {
  if (group.empty() || has(groups, group)) return true;
  const auto whole = std::string(kGrantOnSurvey) + std::string(survey);
  return has(groups, whole) || has(groups, whole + "/" + std::string(group));
}

Verdict judge(const SurveyAccess& access, std::string_view release, const Principal& principal) {
  if (!is_limited(access, principal) &&
      opens(principal.groups, access.survey, access.group_of(release)))
    return Verdict::kAllowed;
  if (access.hidden && !sees(access, principal)) return Verdict::kHidden;
  return principal.anonymous() ? Verdict::kSignIn : Verdict::kForbidden;
}

bool sees(const SurveyAccess& access, const Principal& principal) {
  return !is_limited(access, principal) && opens_any(access, principal);
}

Status may_see(const SurveyAccess& access, std::string_view release, const Principal& principal,
               const std::function<Error()>& hidden) {
  switch (judge(access, release, principal)) {
    case Verdict::kAllowed: return {};
    case Verdict::kHidden: return fail(hidden());
    case Verdict::kForbidden: return fail(forbidden(access, release, principal));
    case Verdict::kSignIn: break;
  }
  return fail(ErrorCode::kUnauthenticated,
              subject(access, release) + " is for members of a group; sign in");
}

std::vector<std::string> named_groups(const std::vector<std::string>& groups) {
  std::vector<std::string> out;
  for (const auto& group : groups)
    if (!group.starts_with(kGrantOnSurvey)) out.push_back(group);
  return out;
}

}  // namespace recorte::account
