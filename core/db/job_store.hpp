/// Jobs in the tables `job` and `task`, and what they use in `ledger` and `share` (migrations/), on
/// SQLite and PostgreSQL alike. What was acknowledged outlives a crash of the process and of the
/// machine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"
#include "core/job/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>

namespace recorte::db {

class JobStore : public job::Store {
 public:
  struct Options {
    Database database;                         ///< an SQLite file is made, and migrated
    std::size_t connections = 4;               ///< at once; one more listens on PostgreSQL
    std::chrono::milliseconds patience{5000};  ///< with a database that is busy or away, a call
    std::function<Micros()> clock = {};        ///< of leases and days; none: the database's
    Micros half_life = 3'600'000'000;          ///< of shares(); 0: all count for ever
  };
  /// kUnavailable names the database and the reason, or the command that migrates it; kData where
  /// its schema is not this program's.
  static Result<std::unique_ptr<job::Store>> open(Options options);
  ~JobStore() override;

  /// Refused by kUsage where the id is another job's. `created` comes back later than that of every
  /// other job.
  Result<job::Job> add(job::Job job, const job::Admit& admit = {}) override;
  Result<job::Job> admit(std::string_view id, const job::Admit& admit) override;
  Result<job::Job> find(std::string_view id) override;
  Result<std::vector<job::Job>> list(const job::Filter& filter) override;
  /// `edit` changes neither the id, nor when it was made.
  Result<job::Job> change(std::string_view id,
                          const std::function<Status(job::Job&)>& edit) override;
  Status remove(std::string_view id) override;
  Status add_tasks(std::string_view id, std::span<const job::Task> tasks) override;
  Result<std::vector<job::Task>> tasks(std::string_view id) override;
  Result<job::Job> finish_task(std::string_view id, std::int64_t number, const job::Tally& tally,
                               const std::string& server, const job::Task* rest) override;
  Result<std::vector<job::Queued>> queue(const std::string& server,
                                         std::int64_t per_owner) override;
  /// Neither this nor renew() counts as a change of the job: its phase and all that its owner sees
  /// stay as they are. A job that another server's lease is on is not taken, whatever its phase.
  Result<std::optional<job::Job>> claim(
      std::string_view id, const std::string& server, Micros lease,
      std::int64_t most_running = std::numeric_limits<std::int64_t>::max()) override;
  Status renew(const std::string& server, Micros lease) override;
  Result<std::vector<job::HeldByQuota>> held_by_quota() override;
  Result<std::vector<job::Job>> due(Micros now, std::int64_t limit) override;
  Result<job::Usage> usage(const std::optional<std::string>& owner) override;
  Result<std::map<std::string, double>> shares() override;
  /// By the microsecond in which its first migration was applied.
  Result<std::string> identity() override;
  /// On SQLite, changes through stores of this process are told. On PostgreSQL of all; and "" when
  /// the connection that listens is made, or made anew.
  void listen(std::function<void(const std::string& id)> told) override;
  Status check() override;

 private:
  struct Parts;
  explicit JobStore(std::unique_ptr<Parts> parts);
  /// `by_usage`: in turn with all others that are accepted, with what the owner has used.
  Result<job::Job> rewrite(std::string_view id, bool by_usage, const job::Admit& edit);
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
