/// Databases for tests, and a look into them past the code under test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

struct sqlite3;

namespace recorte::db {

/// A directory that goes with its test.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// A connection that throws std::runtime_error.
class Sqlite {
 public:
  explicit Sqlite(const std::filesystem::path& file);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  /// Any number of statements.
  void run(const std::string& sql);
  /// All rows, each value as text.
  std::vector<std::vector<std::string>> rows(const std::string& sql);
  /// The one value.
  std::string value(const std::string& sql) { return rows(sql).at(0).at(0); }

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace recorte::db
