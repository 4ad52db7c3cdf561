// SPDX-License-Identifier: BSD-3-Clause
//
// Directories, room on their disks, the database.
#include "core/base/io.hpp"
#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/batch/leftovers.hpp"
#include "core/command/doctor/checks.hpp"
#include "core/db/admin.hpp"
#include "core/db/job_store.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

/// Below this, a server that has work to do is about to run into the wall.
constexpr std::uint64_t kLeastFree = 512ULL << 20;
constexpr std::size_t kMarkerBytes = 1 << 10;

/// The nearest directory above that is there: what is missing is made in it.
fs::path standing(fs::path path) {
  std::error_code error;
  path = fs::absolute(path);
  while (!fs::exists(path, error) && path.has_parent_path() && path != path.parent_path())
    path = path.parent_path();
  return path;
}

Finding check_directory(const std::string& name, const fs::path& path, const std::string& key) {
  const auto there = standing(path);
  const auto which = "choose another with " + key;
  std::error_code error;
  if (!fs::is_directory(there, error))
    return ill(name, there.string() + " is no directory", "remove it, or " + which);
  if (::access(there.c_str(), W_OK | X_OK) != 0)
    return ill(name, os_error("cannot write into " + there.string()).message,
               "give it to the user of the server (chown), mount it writable, or " + which);
  struct statvfs disk {};
  if (::statvfs(there.c_str(), &disk) != 0)
    return ill(name, os_error("cannot read the disk of " + there.string()).message, which);
  const auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  const auto room = std::to_string(free >> 20) + " MiB free";
  if (free < kLeastFree || (disk.f_files > 0 && disk.f_favail == 0))
    return ill(name,
               path.string() + ": " + (free < kLeastFree ? room : "no file can be made any more"),
               "make room on that disk, keep results for a shorter time (jobs.keep, "
               "results.most_bytes), or " +
                   which);
  return well(name,
              path.string() + (there == fs::absolute(path) ? "" : " (not made yet)") + ", " + room);
}

/// Where results are, by the same rules as the server's.
fs::path results_of(const config::Settings& settings) {
  const auto& directory = settings.results.directory;
  const bool pattern = directory.native().find('{') != std::string::npos;
  return directory.empty() || pattern ? settings.data / "jobs" : directory;
}

struct DatabaseFound {
  Finding finding;
  std::string identity;  ///< "" where it cannot be told
};

DatabaseFound check_database(const config::Settings& settings) {
  const std::string name = "database";
  const auto database = db::Database::at(settings.database.url, settings.data);
  if (!database) return {ill(name, database.error().message, "mend [database] url"), ""};
  const auto status = db::schema_status(*database);
  if (!status && status.error().code == ErrorCode::kNotFound && database->embedded())
    return {well(name, database->name() + " (not made yet)"), ""};
  if (!status)
    return {ill(name, status.error().message,
                database->embedded() ? "restore a copy (recorte db restore), or look at the disk"
                                     : "start PostgreSQL, let this machine and user in, or mend "
                                       "[database] url"),
            ""};
  if (!status->usable) {
    if (database->embedded() && status->unknown.empty())
      return {well(name, database->name() + " (serve brings its schema up)"), ""};
    return {
        ill(name, status->usable.error().message,
            "recorte db migrate, with the same --config or --data; or the program that made it"),
        ""};
  }
  auto store = db::JobStore::open({*database});
  if (!store) return {ill(name, store.error().message, "look at the database's own log"), ""};
  const auto identity = (*store)->identity();
  return {well(name, database->name() + ", schema " +
                         (status->applied.empty() ? "none" : status->applied.back())),
          identity.value_or("")};
}

/// Whether the results there are this database's.
Finding check_results(const config::Settings& settings, const std::string& identity) {
  const auto directory = results_of(settings);
  auto found = check_directory("results", directory, "[results] directory");
  if (!found.good || identity.empty()) return found;
  const auto marker = directory / batch::kMarkerFile;
  const auto known = read_file(marker, kMarkerBytes);
  if (known && trim(*known) != identity)
    return ill("results", directory.string() + " has the results of another database",
               "give this database a directory of its own ([results] directory); or, where the "
               "other database is given up, remove " +
                   marker.string());
  return found;
}

}  // namespace

Findings check_places(const config::Settings& settings) {
  auto database = check_database(settings);
  return {
      check_directory("data directory", settings.data, "--data, or `data` of the configuration"),
      std::move(database.finding), check_results(settings, database.identity)};
}

}  // namespace recorte::command
