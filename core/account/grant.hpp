/// A right as a sentence: "group des may read on survey des_y6". What a survey's own access_group
/// says is one, too.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace recorte::account {

struct Subject {
  enum class Kind { kAnyone, kSignedIn, kUser, kGroup, kService };
  Kind kind = Kind::kAnyone;
  std::string name;  ///< "" of kAnyone and kSignedIn
  auto operator<=>(const Subject&) const = default;
};

enum class Action {
  kRead,   ///< find and cut; on a survey
  kAdmin,  ///< everything an admin does; on the service
  kAct,    ///< act for; on a user, a group's members, or everyone
};

struct Resource {
  enum class Kind { kService, kSurvey, kUser, kGroup, kEveryone };
  Kind kind = Kind::kService;
  std::string name;  ///< "" of kService and kEveryone
  auto operator<=>(const Resource&) const = default;
};

struct Grant {
  Subject subject;
  Action action = Action::kRead;
  Resource resource;
  auto operator<=>(const Grant&) const = default;
};

/// "<subject> may <action> on <resource>": subjects `anyone`, `signed-in`, `user N`, `group N`,
/// `service N`; actions `read`, `admin`, `act`; resources `service`, `survey N`, `user N`, `group
/// N`, `everyone`. kUsage names the word that is wrong and those that would do; also where the
/// three do not go together, as in "anyone may admin on service".
Result<Grant> parse_grant(std::string_view sentence);
std::string grant_text(const Grant& grant);

}  // namespace recorte::account
