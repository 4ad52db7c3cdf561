/// From an identity to its account, in a session of the caller's. Private to this folder; it throws
/// soci::soci_error.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/user.hpp"

#include <optional>

namespace soci {
class session;
}

namespace recorte::db {

/// As account::Accounts::sign_in() has it, where that changes nothing; nullopt where it would.
Result<std::optional<account::User>> known_account(soci::session& session,
                                                   const account::Identity& identity);
/// The whole of it, in a WriteTransaction.
Result<account::User> sign_in(soci::session& session, const account::Identity& identity);

}  // namespace recorte::db
