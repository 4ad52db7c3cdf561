/// Copies of each kind of database. Private to this folder; for what they promise see admin.hpp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace recorte::db {

/// Everything that is ours in a database.
std::span<const std::string_view> tables();

/// Into `copy`, which does not exist.
Status copy_from_sqlite(const Database& database, const std::filesystem::path& copy);
Status copy_from_postgresql(const Database& database, const std::filesystem::path& copy);
Status copy_to_sqlite(const Database& database, const std::filesystem::path& copy, bool replace);
Status copy_to_postgresql(const Database& database, const std::filesystem::path& copy,
                          bool replace);

/// Makes `made`, which is complete, `name`, so that a power failure does not undo it.
Status publish(const std::filesystem::path& made, const std::filesystem::path& name);

}  // namespace recorte::db
