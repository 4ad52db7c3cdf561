/// Job stores for tests, on both databases.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/admin.hpp"
#include "core/db/job_store.hpp"
#include "tests/unit/db/support.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::db {

/// Nobody works on a job that a test has just made.
inline const std::string kServer;

/// A test on each kind, whose database has been migrated.
class JobsOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
    store_ = open();
  }
  std::unique_ptr<job::Store> open() { return open(database()); }
  /// `clock`: of its leases; none: the usual one.
  static std::unique_ptr<job::Store> open(const Database& database,
                                          std::function<Micros()> clock = {}) {
    auto store = JobStore::open({.database = database, .clock = std::move(clock)});
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }
  /// A job that is in the store.
  job::Job add(const std::string& id, job::Phase phase = job::Phase::kPending,
               const std::string& owner = "ann") {
    job::Job job;
    job.id = id;
    job.phase = phase;
    job.owner = owner;
    job.created = 1'000'000;
    auto added = store_->add(job);
    EXPECT_TRUE(added) << added.error().message;
    return added.value_or(job::Job());
  }
  void move(const std::string& id, job::Phase phase) {
    const auto changed = store_->change(id, [&](job::Job& job) -> Status {
      job.phase = phase;
      return {};
    });
    EXPECT_TRUE(changed) << changed.error().message;
  }

  std::unique_ptr<job::Store> store_;
};

inline std::vector<std::string> ids(const Result<std::vector<job::Job>>& jobs) {
  EXPECT_TRUE(jobs) << jobs.error().message;
  std::vector<std::string> out;
  if (jobs)
    for (const auto& job : *jobs) out.push_back(job.id);
  return out;
}

inline std::vector<job::Task> tasks_of(int count) {
  std::vector<job::Task> out;
  for (int i = 0; i < count; ++i) out.push_back({i, i * 256LL, 256, false, {}});
  return out;
}

}  // namespace recorte::db
