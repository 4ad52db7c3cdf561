// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/need.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <string_view>

namespace recorte::account {
namespace {

tl::unexpected<Error> refused(const Principal& principal, const std::string& what,
                              const std::string& for_whom) {
  auto sentence = "these results are of " + what + ", which is " + for_whom;
  if (principal.anonymous()) return fail(ErrorCode::kUnauthenticated, sentence + "; sign in");
  return fail(ErrorCode::kForbidden, std::move(sentence));
}

Status has_group(const Principal& principal, const Need& need, std::string_view group,
                 const std::string& what) {
  if (opens(principal.groups, need.survey, group)) return {};
  const auto groups = named_groups(principal.groups);
  const auto own = principal.anonymous() ? std::string()
                   : groups.empty()      ? "; you are in no group"
                                         : "; you are in " + join(groups, ", ");
  return refused(principal, what, "for members of the group " + std::string(group) + own);
}

std::string_view image_group(const SurveyAccess& now, const Need& need) {
  if (!need.noted) return now.by_image ? std::string_view(now.group) : std::string_view();
  return now.group_of_image(need.image_group);
}

}  // namespace

Status may_have(const SurveyAccess* now, const Need& need, const Principal& principal) {
  const auto survey = "the survey " + need.survey;
  const auto& only = principal.scopes.surveys;
  if (!only.empty() && std::find(only.begin(), only.end(), need.survey) == only.end())
    return fail(ErrorCode::kForbidden, "these results are of " + survey +
                                           ", and this credential is for " + join(only, ", ") +
                                           " alone");
  if (now == nullptr && !need.noted)
    return refused(principal, survey, "not served any more, and nobody knows for whom it was");
  const auto of_release = now ? now->group_of(need.release) : std::string_view(need.release_group);
  const auto of_images = now ? image_group(*now, need) : std::string_view(need.image_group);
  if (now && now->hidden && !sees(*now, principal))
    return refused(principal, survey, "not for you to see");
  RECORTE_TRY(has_group(principal, need, of_release, survey));
  return has_group(principal, need, of_images, "images of " + survey);
}

Status may_share(const SurveyAccess* now, const Need& need) {
  const bool open = need.noted && need.release_group.empty() && need.image_group.empty();
  if (now ? now->share : open) return {};
  return fail(ErrorCode::kForbidden,
              "results of the survey " + need.survey + " are not shared by links");
}

}  // namespace recorte::account
