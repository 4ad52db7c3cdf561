/// The rows of `account` and `account_group`, in a session of the caller's. Private to this folder;
/// all of it throws soci::soci_error.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/user.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace recorte::db {

/// `lock`: nobody changes it until the transaction ends.
std::optional<account::User> read_user(soci::session& session, const std::string& name,
                                       bool lock = false);
std::vector<account::User> read_users(soci::session& session);
/// False where somebody has the name already, but for capitals.
bool insert_user(soci::session& session, const account::User& user);
/// What differs, but the name and the password. Writes nothing where nothing does.
void update_user(soci::session& session, const account::User& before, const account::User& after);

}  // namespace recorte::db
