/// Databases for tests, of both kinds, and a look into them past the code under test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/database.hpp"

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
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

/// A connection of its own that throws std::runtime_error.
class Look {
 public:
  static std::unique_ptr<Look> into(const Database& database);
  virtual ~Look() = default;
  /// Any number of statements.
  virtual void run(const std::string& sql) = 0;
  /// All rows, each value as text.
  virtual std::vector<std::vector<std::string>> rows(const std::string& sql) = 0;
  /// The one value.
  std::string value(const std::string& sql) { return rows(sql).at(0).at(0); }
};

class Sqlite : public Look {
 public:
  explicit Sqlite(const std::filesystem::path& file);
  ~Sqlite() override;
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  void run(const std::string& sql) override;
  std::vector<std::vector<std::string>> rows(const std::string& sql) override;

 private:
  sqlite3* handle_ = nullptr;
};

/// A PostgreSQL, on a socket in a temporary directory: of this test program's own, which ends with
/// the program, however that ends; or that of the whole run.
class Postgres {
 public:
  /// Why it cannot be had; "" where it can.
  static std::string missing();
  /// That of the whole run (shared_server); else, where ctest started none, one of the program's.
  /// For whoever neither stops it nor changes what is not in a database of its own.
  static Postgres& shared();
  Postgres();
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  void start();
  /// At once, as in a crash.
  void crash();
  /// An URL of a database that is empty; `more` goes after it.
  std::string fresh(const std::string& more = "");
  std::string url(const std::string& name) const;

 private:
  struct RunningIn {};
  explicit Postgres(RunningIn);
  void make();
  std::vector<std::string> as_postgres(std::vector<std::string> command) const;

  std::filesystem::path directory_;
  bool ours_ = false;
  std::vector<std::string> made_;
  pid_t server_ = -1;
};

/// A test on each kind: TEST_P, INSTANTIATE_ON_BOTH.
class OnBoth : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override;
  bool postgresql() const { return GetParam() == std::string("postgresql"); }
  /// The one database of this test, empty at first.
  const Database& database() const { return *database_; }
  /// Another one.
  Database another();

  Scratch scratch_;

 private:
  std::unique_ptr<Database> database_;
};
#define INSTANTIATE_ON_BOTH(suite)                                               \
  INSTANTIATE_TEST_SUITE_P(Both, suite, testing::Values("sqlite", "postgresql"), \
                           [](const auto& info) { return std::string(info.param); })

/// Whether it comes true within half a minute.
bool eventually(const std::function<bool()>& condition);

}  // namespace recorte::db
