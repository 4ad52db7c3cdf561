/// A job store that only the thread that made it does what is due by time with: the threads of an
/// engine find nothing to let go of.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/store.hpp"

#include <memory>
#include <thread>
#include <utility>

namespace recorte::service::test {

class QuietStore : public job::Store {
 public:
  explicit QuietStore(std::unique_ptr<job::Store> store) : store_(std::move(store)) {}

  Result<std::vector<job::HeldByQuota>> held_by_quota() override {
    if (std::this_thread::get_id() != owner_) return std::vector<job::HeldByQuota>();
    return store_->held_by_quota();
  }

  Result<job::Job> add(job::Job job, const job::Admit& admit) override {
    return store_->add(std::move(job), admit);
  }
  Result<job::Job> admit(std::string_view id, const job::Admit& admit) override {
    return store_->admit(id, admit);
  }
  Result<job::Job> find(std::string_view id) override { return store_->find(id); }
  Result<std::vector<job::Job>> list(const job::Filter& filter) override {
    return store_->list(filter);
  }
  Result<job::Job> change(std::string_view id,
                          const std::function<Status(job::Job&)>& edit) override {
    return store_->change(id, edit);
  }
  Status remove(std::string_view id) override { return store_->remove(id); }
  Status add_tasks(std::string_view id, std::span<const job::Task> tasks) override {
    return store_->add_tasks(id, tasks);
  }
  Result<std::vector<job::Task>> tasks(std::string_view id) override { return store_->tasks(id); }
  Result<job::Job> finish_task(std::string_view id, std::int64_t number, const job::Tally& tally,
                               const std::string& server, const job::Task* rest) override {
    return store_->finish_task(id, number, tally, server, rest);
  }
  Result<std::vector<job::Queued>> queue(const std::string& server, std::int64_t most) override {
    return store_->queue(server, most);
  }
  Result<std::optional<job::Job>> claim(std::string_view id, const std::string& server,
                                        Micros lease, std::int64_t most_running) override {
    return store_->claim(id, server, lease, most_running);
  }
  Status renew(const std::string& server, Micros lease) override {
    return store_->renew(server, lease);
  }
  Result<std::vector<job::Job>> due(Micros now, std::int64_t limit) override {
    return store_->due(now, limit);
  }
  Result<job::Usage> usage(const std::optional<std::string>& owner) override {
    return store_->usage(owner);
  }
  Result<std::map<std::string, double>> shares() override { return store_->shares(); }
  Result<std::string> identity() override { return store_->identity(); }
  void listen(std::function<void(const std::string&)> told) override {
    store_->listen(std::move(told));
  }
  Status check() override { return store_->check(); }

 private:
  const std::thread::id owner_ = std::this_thread::get_id();
  const std::unique_ptr<job::Store> store_;
};

}  // namespace recorte::service::test
