/// What session.cpp asks of each kind of database. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/session.hpp"

#include <optional>

namespace recorte::db {

using Opened = Result<std::unique_ptr<soci::session>>;

Opened open_sqlite(const Database& database, std::chrono::milliseconds patience,
                   Durability durability);
Opened open_postgresql(const Database& database, std::chrono::milliseconds patience);
/// nullopt for an error that is not of this kind of database.
std::optional<Trouble> sqlite_trouble(const soci::soci_error& error);
std::optional<Trouble> postgresql_trouble(const soci::soci_error& error);
bool is_postgresql(soci::session& session);

}  // namespace recorte::db
