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
#include <limits>
#include <map>
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

/// What an owner has in the store, and has used. Days and months are UTC's.
struct Usage {
  std::int64_t jobs = 0;           ///< not ARCHIVED
  std::int64_t bytes = 0;          ///< of their products
  std::int64_t active = 0;         ///< that have not ended
  std::int64_t running = 0;        ///< EXECUTING
  std::int64_t cutouts_today = 0;  ///< charged
  std::int64_t cutouts_this_month = 0;
  std::int64_t work_us_today = 0;  ///< of workers
  Micros time = 0;                 ///< when that was, by the clock that counts the days
};

/// Decides on a job, and what it is charged with (`charged`), by what its owner has used; its error
/// changes nothing and is the result. Nobody else is accepted meanwhile, so that what it allows is
/// never overshot. It may be called again.
using Admit = std::function<Status(Job& job, const Usage& usage)>;

/// A job that waits for its turn or has it, as those see it who choose the next.
struct Queued {
  std::string id, owner, service, priority;
  std::vector<std::string> groups;
  Phase phase = Phase::kQueued;
  std::int64_t place = 0;
  Micros created = 0, queued = 0;
  std::int64_t products = 0, done = 0;  ///< products; 0: not planned yet
  std::string server;                   ///< that has it; "": anybody's
  Micros lease = 0;
  bool free = false;  ///< may be claimed: nobody's, the asking server's own, or its lease is over
  Prediction prediction;
};

/// A job that a quota holds.
struct HeldByQuota {
  std::string id, owner;
  bool renewed = false;  ///< its quota, since
};

class Store {
 public:
  virtual ~Store() = default;

  /// Remembers a new job; its `created` is moved on where another has it, and comes back. `admit`,
  /// where there is one, has the last word.
  virtual Result<Job> add(Job job, const Admit& admit = {}) = 0;
  /// As change(), with what the owner has used. What `charged` grows by is charged to today, what
  /// it shrinks by is given back to the day that was charged; so does change(). Of a job that has
  /// ended what was not made is given back, whatever ended it (core/job/charge.hpp).
  virtual Result<Job> admit(std::string_view id, const Admit& admit) = 0;
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
  /// done already changes nothing. The work is added to the ledger and to shares(). kForbidden
  /// where the job is no longer `server`'s to work on.
  virtual Result<Job> finish_task(std::string_view id, std::int64_t number, const Tally& tally,
                                  const std::string& server, const Task* rest) = 0;

  /// All that are QUEUED or EXECUTING, as `server` sees them, of each owner at most so many
  /// of each service and priority: EXECUTING ones first, then by place, then the oldest. Servers
  /// that share a store count by one clock, whatever their own ones say.
  virtual Result<std::vector<Queued>> queue(const std::string& server, std::int64_t per_owner) = 0;
  /// Takes that job for `server` and for as long as `lease`; nothing where it is not free any more,
  /// or has not begun and `most_running` of its owner run, or are about to, on whatever servers.
  virtual Result<std::optional<Job>> claim(
      std::string_view id, const std::string& server, Micros lease,
      std::int64_t most_running = std::numeric_limits<std::int64_t>::max()) = 0;
  /// All that `server` works on, for as long from now.
  virtual Status renew(const std::string& server, Micros lease) = 0;

  /// Of all owners, oldest first.
  virtual Result<std::vector<HeldByQuota>> held_by_quota() = 0;
  /// Jobs whose destruction is due, of those that are not ARCHIVED, oldest first.
  virtual Result<std::vector<Job>> due(Micros now, std::int64_t limit) = 0;
  /// Of an owner, or of all.
  virtual Result<Usage> usage(const std::optional<std::string>& owner) = 0;
  /// What owners have worked, of late, in microseconds of workers that count less the older they
  /// are: half after the half-life that the store was opened with.
  virtual Result<std::map<std::string, double>> shares() = 0;

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
