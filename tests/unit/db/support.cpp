// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/db/support.hpp"

#include "core/base/id.hpp"

#include <sqlite3.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace recorte::db {

Scratch::Scratch() : path_(testing::TempDir() + "recorte-db-" + random_hex(8)) {
  std::filesystem::create_directories(path_);
}
Scratch::~Scratch() { std::filesystem::remove_all(path_); }

Sqlite::Sqlite(const std::filesystem::path& file) {
  if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(handle_));
  sqlite3_busy_timeout(handle_, 30'000);
}
Sqlite::~Sqlite() { sqlite3_close(handle_); }

void Sqlite::run(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
}

std::vector<std::vector<std::string>> Sqlite::rows(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
  std::vector<std::vector<std::string>> out;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    auto& row = out.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row.emplace_back(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
    }
  }
  if (sqlite3_finalize(statement) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_));
  return out;
}

void OnBoth::SetUp() {
  if (postgresql() && !Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  database_ = std::make_unique<Database>(another());
}

Database OnBoth::another() {
  if (!postgresql()) return scratch_ / (random_hex(4) + ".db").c_str();
  auto database = Database::at(Postgres::shared().fresh(), "");
  if (!database) throw std::runtime_error(database.error().message);
  return *database;
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace recorte::db
