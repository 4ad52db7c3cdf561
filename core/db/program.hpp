/// Runs PostgreSQL's own programs, which are told where the database is through their environment:
/// arguments are seen by everybody. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"

#include <string>
#include <vector>

namespace recorte::db {

/// Found in PATH, run to its end; what it says goes to standard error. kUnavailable where it is not
/// there, or fails.
Status run_on(const Database& database, const std::vector<std::string>& arguments);
/// The database's name of its own.
std::string database_name(const Database& database);

}  // namespace recorte::db
