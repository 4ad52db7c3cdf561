/// A job store in memory that several servers use at once; after each change of a job `check`
/// looks at all of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory_store.hpp"

#include <functional>
#include <mutex>

namespace recorte::batch::test {

class SharedMemoryStore : public MemoryStore {
 public:
  Result<job::Job> find(std::string_view id) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::find(id);
  }
  Result<job::Job> change(std::string_view id,
                          const std::function<Status(job::Job&)>& edit) override {
    const std::lock_guard lock(mutex);
    auto changed = MemoryStore::change(id, edit);
    check();
    return changed;
  }
  Result<job::Job> add(job::Job job, const job::Admit& admit = {}) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::add(std::move(job), admit);
  }
  Result<std::vector<job::Job>> list(const job::Filter& filter) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::list(filter);
  }
  Status add_tasks(std::string_view id, std::span<const job::Task> more) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::add_tasks(id, more);
  }
  Result<std::vector<job::Task>> tasks(std::string_view id) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::tasks(id);
  }
  Result<job::Job> finish_task(std::string_view id, std::int64_t number, const job::Tally& tally,
                               const std::string& server, const job::Task* rest) override {
    const std::lock_guard lock(mutex);
    if (jobs.at(std::string(id)).server != server)
      return fail(ErrorCode::kForbidden, "another server works on it");
    return MemoryStore::finish_task(id, number, tally, server, rest);
  }
  Result<std::vector<job::Queued>> queue(const std::string& server, std::int64_t most) override {
    const std::lock_guard lock(mutex);
    return MemoryStore::queue(server, most);
  }
  Result<std::optional<job::Job>> claim(std::string_view id, const std::string& server,
                                        Micros lease, std::int64_t most_running) override {
    const std::lock_guard lock(mutex);
    auto claimed = MemoryStore::claim(id, server, lease, most_running);
    check();
    return claimed;
  }

  std::recursive_mutex mutex;
  std::function<void()> check = [] {};  ///< with the mutex
};

}  // namespace recorte::batch::test
