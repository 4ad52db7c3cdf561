/// Where a database is: an SQLite file, or a PostgreSQL by URL. A value that may hold a password,
/// and never says it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace recorte::db {

class Database {
 public:
  /// An SQLite file; made when it is opened for writing.
  Database(const std::filesystem::path& file);
  /// Of `[database] url`: "" is recorte.sqlite in `directory`; else "sqlite:PATH" or
  /// "postgresql://…". kUsage says what is wrong, without the password.
  static Result<Database> at(std::string_view url, const std::filesystem::path& directory);

  /// An SQLite file, which belongs to the programs of one machine.
  bool embedded() const { return connection_.empty(); }
  /// Absolute; of one that is embedded.
  const std::filesystem::path& file() const { return file_; }
  /// libpq's URL, a password included; of one that is not.
  const std::string& connection() const { return connection_; }
  /// For people: the file, or the URL without its password.
  const std::string& name() const { return name_; }

 private:
  Database() = default;

  std::filesystem::path file_;
  std::string connection_, name_;
};

}  // namespace recorte::db
