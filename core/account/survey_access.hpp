/// Who may see a survey, its releases and its images: the rule of its file, and what that says to
/// somebody. Pure, and light enough for workers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/base/error.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::account {

/// Means everyone where groups are spoken of; no group has this name.
inline constexpr std::string_view kPublic = "public";
/// "survey:NAME" among somebody's groups is a grant on that survey. No group's name begins so.
inline constexpr std::string_view kGrantOnSurvey = "survey:";

/// What a survey's file says ([survey] access_group, public_after; [access]).
struct SurveyAccess {
  std::string survey;  ///< its id
  std::string group;   ///< whose members may see it; "": everyone
  /// Groups of releases that are not the survey's; "": everyone.
  std::map<std::string, std::string, std::less<>> releases;
  /// Each image says whether it is the group's or everyone's (public_after).
  bool by_image = false;
  bool hidden = false;                 ///< nobody else learns that it is there
  bool share = true;                   ///< whoever has results of it may share them by a link
  std::string trust;                   ///< its pool of workers, where the admin names one
  std::vector<std::string> also_read;  ///< paths that its workers may read besides its own
  std::vector<std::string> remote;     ///< beginnings of URIs that they may have fetched

  /// In which one must be before any image of the release is looked at; "": in none.
  std::string_view group_of(std::string_view release) const;
  /// Of an image, what its adapter says of it besides; "" where that is the survey's own rule.
  std::string_view group_of_image(std::string_view said) const;
};

/// Whether somebody with these groups may read an image that is `group`'s ("": everybody's), in
/// that survey: they have the group, or "survey:NAME", or "survey:NAME/GROUP", which is the group
/// in that survey alone.
bool opens(std::span<const std::string> groups, std::string_view survey, std::string_view group);

enum class Verdict {
  kAllowed,
  kSignIn,     ///< who are you?
  kForbidden,  ///< not you
  kHidden,     ///< as if there were no such survey
};
/// Of the survey's release that is asked for. That of a survey whose images say it themselves is
/// kAllowed: who finds an image decides.
Verdict judge(const SurveyAccess& access, std::string_view release, const Principal& principal);
/// Whether the survey is in somebody's lists: one of its releases is theirs to see.
bool sees(const SurveyAccess& access, const Principal& principal);

/// The verdict as an error that says what would help. `hidden`: that of a survey that is not there.
Status may_see(const SurveyAccess& access, std::string_view release, const Principal& principal,
               const std::function<Error()>& hidden);

/// The groups without those that stand for grants.
std::vector<std::string> named_groups(const std::vector<std::string>& groups);

/// Whose workers may open its files: those of surveys that share a pool trust each other's plugins.
/// kPublic is that of surveys that everyone may see.
std::string trust_pool(const SurveyAccess& access);

}  // namespace recorte::account
