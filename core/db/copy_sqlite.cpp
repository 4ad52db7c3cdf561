// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/db/copies.hpp"
#include "core/db/migrate.hpp"
#include "core/db/session.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <system_error>

namespace recorte::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

/// That an SQLite file is whole, and of a schema that this program works with.
Status check_copy(const fs::path& file) {
  const Database copy(file);
  try {
    soci::session session(soci::sqlite3, "db=\"" + copy.name() + "\" readonly=1");
    std::string verdict;
    session << "pragma integrity_check(1)", soci::into(verdict);
    if (verdict != "ok") return fail(ErrorCode::kData, file.string() + " is damaged: " + verdict);
    const auto schema = read_schema(session);
    if (schema.applied.empty())
      return fail(ErrorCode::kData, file.string() + " is no database of Recorte");
    return check_schema(schema, copy, migrations(), 1);
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, copy));
  }
}

/// That nobody else has it open: only then can it leave the write-ahead log, whose files go.
Status close_to_others(const Database& database) {
  auto session = open_session(database, 500ms);
  if (!session) return fail(std::move(session).error());
  try {
    std::string mode;
    **session << "pragma journal_mode = delete", soci::into(mode);
    if (mode == "delete") return {};
  } catch (const soci::soci_error& error) {
    if (trouble_of(error) != Trouble::kBusy) return fail(database_error(error, database));
  }
  return fail(ErrorCode::kUnavailable,
              "the database " + database.name() + " is in use; end the server first");
}

Status sync(const fs::path& path, int flags) {
  const Fd opened(::open(path.c_str(), flags | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) return fail(os_error("cannot sync " + path.string()));
  return {};
}

/// A name beside it, that goes with this.
class Draft {
 public:
  explicit Draft(const fs::path& beside)
      : path_(beside.parent_path() / (beside.filename().string() + ".new-" + random_hex(8))) {}
  ~Draft() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

Status publish(const fs::path& made, const fs::path& name) {
  RECORTE_TRY(sync(made, O_RDONLY));
  std::error_code error;
  fs::rename(made, name, error);
  if (error)
    return fail(ErrorCode::kUnavailable, "cannot write " + name.string() + ": " + error.message());
  const auto directory = fs::absolute(name).parent_path();
  return sync(directory, O_RDONLY | O_DIRECTORY);
}

Status copy_from_sqlite(const Database& database, const fs::path& copy) {
  auto session = open_session(database, kPatience);
  if (!session) return fail(std::move(session).error());
  const Draft draft(fs::absolute(copy));
  try {
    const auto path = draft.path().string();
    **session << "vacuum into :path", soci::use(path);
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
  RECORTE_TRY(check_copy(draft.path()));
  return publish(draft.path(), copy);
}

Status copy_to_sqlite(const Database& database, const fs::path& copy, bool replace) {
  std::error_code error;
  const bool there = fs::exists(database.file(), error);
  if (there && !replace)
    return fail(ErrorCode::kUsage, "there is a database " + database.name() +
                                       " already; --replace puts the copy in "
                                       "its place");
  RECORTE_TRY(check_copy(copy));
  fs::create_directories(database.file().parent_path(), error);
  const Draft draft(database.file());
  fs::copy_file(copy, draft.path(), error);
  if (error)
    return fail(ErrorCode::kUnavailable, "cannot copy " + copy.string() + " to " +
                                             draft.path().string() + ": " + error.message());
  if (there) RECORTE_TRY(close_to_others(database));
  return publish(draft.path(), database.file());
}

}  // namespace recorte::db
