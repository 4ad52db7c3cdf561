/// Brings a database's schema up to this program's: the files of migrations/, embedded, applied in
/// order and once. Forward only.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soci {
class session;
}

namespace recorte::db {

struct Migration {
  int number;  ///< from 1, without a gap
  std::string_view name;
  std::string_view checksum;  ///< SHA-256 of the file
  std::string_view sql;
};

/// This program's, in order.
std::span<const Migration> migrations();

/// Applies what `session` lacks of `known`, each in a transaction of its own, and records it in the
/// table `migration`. Processes that start at once wait for each other. kData names `file` where it
/// has a migration that is not among `known`, or another one of that number, or what a migration
/// makes.
Status migrate(soci::session& session, const std::filesystem::path& file,
               std::span<const Migration> known = migrations());

/// The statements of a file: they end with ";", and "--" begins a comment.
std::vector<std::string> split_statements(std::string_view sql);

}  // namespace recorte::db
