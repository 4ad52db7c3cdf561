/// The engine behind the door to jobs: the store that remembers them, the runner that makes them
/// happen, the janitor that ends them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/janitor.hpp"
#include "core/batch/runner.hpp"
#include "core/job/store.hpp"
#include "server/service/estimates.hpp"
#include "server/service/held_jobs.hpp"
#include "server/service/job_archives.hpp"
#include "server/service/job_options.hpp"
#include "server/service/job_planner.hpp"
#include "server/service/job_quotas.hpp"
#include "server/service/job_results.hpp"
#include "server/service/job_watch.hpp"
#include "server/service/jobs.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace recorte::service {

class JobEngine : public Jobs {
 public:
  /// All of these must outlive it. `questions`: who says what lies outside, while somebody waits;
  /// `batches`: who makes products.
  JobEngine(JobOptions options, job::Store& store, schedule::Executor& questions,
            schedule::Executor& batches, Estimates& estimates, cutout::Budget budget,
            JobPlanner::Readers readers);
  ~JobEngine() override;
  /// Lets go of what runs: this server when it comes back, or another, goes on with it. The
  /// executors hear nothing more afterwards.
  void stop();
  /// Takes no further jobs, as long as it is so; those that it has begun go on. [any thread]
  void set_draining(bool draining);
  /// The server is about to end: who waits for a job to change waits no longer.
  void release_waiters() { watch_.release(); }

  void create(Submission submission, const Asker& asker,
              std::function<void(Result<Created>)> done) override;
  void estimate(Submission submission, std::optional<std::int64_t> positions, const Asker& asker,
                std::function<void(Result<Foreseen>)> done) override;
  Result<job::Job> find(const std::string& id, const Asker& asker) override;
  Result<std::vector<job::Job>> list(job::Filter filter, const Asker& asker) override;
  Result<job::Job> run(const std::string& id, const Asker& asker) override;
  Result<job::Job> abort(const std::string& id, const Asker& asker) override;
  Result<job::Job> retry(const std::string& id, const Asker& asker) override;
  Result<job::Job> pause(const std::string& id, const Asker& asker) override;
  Result<job::Job> set_place(const std::string& id, std::int64_t place,
                             const Asker& asker) override;
  std::optional<QueuePlace> queue_place(const job::Job& job) override { return queue_.of(job); }
  Result<job::Job> set_destruction(const std::string& id, Micros time, const Asker& asker) override;
  Result<job::Job> set_execution(const std::string& id, std::int64_t seconds,
                                 const Asker& asker) override;
  Result<job::Job> set_parameters(const std::string& id, std::vector<job::Parameter> parameters,
                                  const Asker& asker) override;
  Status remove(const std::string& id, const Asker& asker) override;
  void rerun(const std::string& id, const Asker& asker,
             std::function<void(Result<Created>)> done) override;
  void wait(const std::string& id, std::int64_t known_version, std::int64_t seconds,
            const Asker& asker, std::function<void(Result<job::Job>)> done) override;
  Result<std::shared_ptr<const batch::Results>> results(
      const job::Job& job, const Asker& asker, std::optional<std::int64_t> number) override;
  Result<std::shared_ptr<const http::Source>> archive(
      store::ArchiveKind kind, const job::Job& job,
      const std::shared_ptr<const batch::Results>& results) override {
    return archives_.get(kind, job, results);
  }
  Result<std::vector<quota::Standing>> standings(const Asker& asker) override {
    return quotas_.standings(asker.principal.user, asker.principal.groups);
  }
  Status check() override { return store_.check(); }

 private:
  struct Draft;
  static void keep(job::Job& job, const batch::Expanded& counted);
  Result<job::Job> new_job(const Submission& submission, const Asker& asker) const;
  void accept(const std::shared_ptr<Draft>& draft);
  void accept_list(std::shared_ptr<Draft> draft);
  /// What a job would take that is accepted now, and when.
  struct Outlook {
    schedule::Estimate estimate;
    schedule::Forecast forecast;
    double wait_s = 0;  ///< for others
  };
  Outlook outlook(const job::Job& job, const schedule::Work& work);
  /// Says when it will be done, and how large it will be, from now.
  void foresee(job::Job& job, const schedule::Work& work);
  /// The groups that a job has of its owner's, less those that they have left.
  Result<std::vector<std::string>> groups_now(const job::Job& job) const;
  Status may_have(const batch::Results& results, const account::Principal& principal,
                  std::optional<std::int64_t> number) const;
  /// Puts them where the owner's files are, if they may still have them.
  Status deliver(const job::Job& job, const std::shared_ptr<const batch::Results>& results,
                 const std::atomic<bool>& stop) const;
  static QueueView::Options foreseen(QueueView::Options options, const Estimates& estimates);
  /// Whether the asker may have a further job.
  Status may_submit(const Asker& asker) const;
  void remember(std::shared_ptr<Draft> draft);
  void add(const std::shared_ptr<Draft>& draft);
  void forget(const std::string& id);
  Result<job::Job> start(const std::string& id, const Asker& asker, job::Move move);
  /// Of one without a list; nothing where it cannot be made, which is said when it runs.
  Result<std::optional<batch::Expanded>> count(const job::Job& job, const Asker& asker);
  /// Whether somebody may have what a job asks for now.
  Status may_start(const job::Job& job, const Asker& asker);
  /// The same of the surveys that the rows of its list name.
  Status may_start_planned(const job::Job& job, const Asker& asker);
  /// As a client is told of it: without the server's places.
  Error told(Error error, const std::string& id) const;
  Result<job::Job> told(Result<job::Job> job) const;
  Result<job::Job> change(const std::string& id, const Asker& asker,
                          const std::function<Status(job::Job&)>& edit);
  std::int64_t execution_within(std::int64_t seconds) const;
  Micros destruction_within(Micros time, Micros now) const;

  const JobOptions options_;
  job::Store& store_;
  Estimates& estimates_;
  const JobQuotas quotas_;
  JobPlanner planner_;
  JobResults results_;
  JobArchives archives_;
  JobWatch watch_;
  QueueView queue_;
  batch::Crew crew_;  ///< for new jobs on their way into the store
  /// Whether the engine hears what the store tells. The store may outlive it, and so does this.
  struct Hearing {
    std::mutex mutex;
    bool open = true;
  };
  std::atomic<bool> draining_ = false;
  const std::shared_ptr<Hearing> hearing_ = std::make_shared<Hearing>();
  std::unique_ptr<batch::Runner> runner_;
  std::unique_ptr<batch::Janitor> janitor_;
  std::unique_ptr<HeldJobs> held_;
};

}  // namespace recorte::service
