/// The port through which jobs are remembered: what was accepted here survives any crash. core/db
/// implements it on SQLite and PostgreSQL. All of it may be called from any thread, and blocks for
/// as long as the database takes; a database that is busy or away for a moment is tried again, with
/// jitter, before kUnavailable names it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/job.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::job {

/// Which jobs a list has. Conditions are joined by "and"; `last` counts at the end.
struct Filter {
  std::vector<Phase> phases;         ///< any of these; none: all but ARCHIVED
  std::optional<Micros> after;       ///< created strictly later
  std::optional<Micros> ended;       ///< then or later
  std::optional<std::int64_t> last;  ///< so many, the newest by creation
  std::optional<std::string> owner;  ///< nullopt: everybody's
  std::string run_id;                ///< "": any
  /// Of the page: jobs that were created before that one (its id); "": from the newest.
  std::string before;
  std::int64_t limit = 1'000'000;
  Visibility most = Visibility::kNormal;  ///< with those hidden by whom, at most
};

/// What an owner has in the store.
struct Usage {
  std::int64_t jobs = 0;   ///< not ARCHIVED
  std::int64_t bytes = 0;  ///< of their products
};

class Store {
 public:
  virtual ~Store() = default;

  /// Remembers a new job; its `created` is moved on where another has it, and comes back.
  virtual Result<Job> add(Job job) = 0;
  /// kNotFound names the id.
  virtual Result<Job> find(std::string_view id) = 0;
  /// Newest first.
  virtual Result<std::vector<Job>> list(const Filter& filter) = 0;
  /// Reads, edits and writes as one: nobody changes the job in between. `edit` may be called again
  /// where somebody did; its error changes nothing and is the result. `version` grows by one.
  virtual Result<Job> change(std::string_view id, const std::function<Status(Job&)>& edit) = 0;
  /// Forgets a job and its tasks for ever.
  virtual Status remove(std::string_view id) = 0;

  /// Tasks of a job; those whose number is there already stay as they are.
  virtual Status add_tasks(std::string_view id, std::span<const Task> tasks) = 0;
  /// By number.
  virtual Result<std::vector<Task>> tasks(std::string_view id) = 0;
  /// Task and tally of the job in one, and a further task of what the task has left; a task that is
  /// done already changes nothing. kForbidden where the job is no longer `server`'s to work on.
  virtual Result<Job> finish_task(std::string_view id, std::int64_t number, const Tally& tally,
                                  const std::string& server, const Task* rest) = 0;

  /// Takes the oldest job that is QUEUED, or EXECUTING with a lease that is over or `server`'s own,
  /// of those that are not in `held`, for `server` and for as long as `lease`; nothing where there
  /// is none. Servers that share a store count by one clock, whatever their own ones say.
  virtual Result<std::optional<Job>> claim(const std::string& server, Micros lease,
                                           std::span<const std::string> held) = 0;
  /// All that `server` works on, for as long from now.
  virtual Status renew(const std::string& server, Micros lease) = 0;

  /// Jobs whose destruction is due, of those that are not ARCHIVED, oldest first.
  virtual Result<std::vector<Job>> due(Micros now, std::int64_t limit) = 0;
  virtual Result<Usage> usage(const std::optional<std::string>& owner) = 0;
  /// How many jobs of an owner have not ended.
  virtual Result<std::int64_t> active(const std::string& owner) = 0;
  /// Microseconds of work a product took on average, of the last jobs that were done; 0: not known.
  virtual Result<std::int64_t> work_per_product() = 0;

  /// The same for every program that uses this database, and another of every other database, but
  /// of its copies.
  virtual Result<std::string> identity() = 0;

  /// `told` hears the id of each job that was changed, by whoever changed it, this process or
  /// another, at least once and soon; "" means that any may have been. On any thread; set once,
  /// before use.
  virtual void listen(std::function<void(const std::string& id)> told) = 0;
  /// Whether it can be reached: the reason where it cannot.
  virtual Status check() = 0;
};

}  // namespace recorte::job
