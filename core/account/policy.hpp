/// Who may do what: pure decisions from grants, without a database.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/grant.hpp"
#include "core/account/principal.hpp"
#include "core/account/survey_access.hpp"
#include "core/account/user.hpp"
#include "core/base/error.hpp"

#include <span>
#include <string>
#include <vector>

namespace recorte::account {

/// "survey:NAME", which stands among a principal's groups for a grant on that survey: a worker
/// knows groups only.
std::string survey_group(std::string_view survey);

/// The principal of an account that somebody vouched for, with what all grants add. `groups`: as
/// User::groups_at() has them.
Principal principal_of(const User& user, std::vector<std::string> groups, const Identity& identity,
                       std::span<const Grant> grants);
/// The one that nobody vouched for, with what grants to anyone add.
Principal anonymous(std::span<const Grant> grants);

/// The user as whom `service` acts. Of any image, both may read it (as opens() has it), or the
/// principal may not; it may no more than the service's own credential, and is never an admin.
/// kForbidden, always with the same sentence, where no grant lets the service act for that user,
/// the account is disabled, or it is a service's.
Result<Principal> on_behalf_of(const Principal& service, const User& user,
                               std::vector<std::string> groups, std::span<const Grant> grants);

}  // namespace recorte::account
