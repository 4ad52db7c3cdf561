/// The one door to jobs, for every face: who may see and do what, and what a request becomes. All
/// of it may be called from any thread; what asks the database blocks for as long as that takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"
#include "core/job/store.hpp"
#include "server/service/cutouts.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recorte::service {

/// How a face's parameters become an Ask: kUsage names what is wrong. `has_list`: whether regions
/// come in a list. `whole`: whether something may be missing yet (a job that is PENDING).
using Reader =
    std::function<void(const std::vector<job::Parameter>& parameters, bool has_list,
                       const Asker& asker, std::function<void(Result<batch::Ask>)> done)>;

struct Submission {
  job::Face face = job::Face::kSoda;
  std::vector<job::Parameter> parameters;  ///< the job's own, as sent
  std::string list, list_name;             ///< its bytes; none where the name is ""
  std::string run_id;
  std::optional<std::int64_t> execution_seconds;
  std::optional<Micros> destruction;
  bool run = false;
};

struct Created {
  job::Job job;
  /// Numbers of the first rows of the list that no image covers; job.outside counts all.
  std::vector<std::int64_t> outside_rows;
};

class Jobs {
 public:
  /// Of the configuration ([jobs]).
  struct Options {
    std::filesystem::path directory;     ///< of results, one directory a job
    Micros keep = 7LL * 86'400'000'000;  ///< until destruction, where the user does not say
    Micros longest_keep = 30LL * 86'400'000'000;
    std::int64_t execution_seconds = 0;  ///< where the user does not say; 0: any time
    std::int64_t longest_execution = 0;  ///< 0: any
    bool anonymous_batch = true, anonymous_list = false;
    batch::Bounds bounds;
    std::string server;              ///< this server's name, for leases
    std::int64_t tasks_at_once = 4;  ///< of all jobs, given to the executor
    std::int64_t products_per_task = 256;
  };
  Jobs(Options options, job::Store& store, SurveyBook& surveys, schedule::Executor& executor,
       cutout::Budget budget, std::map<job::Face, Reader> readers);
  /// Lets go of what runs: another server, or this one when it comes back, goes on with it.
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// Reads the parameters; with a list, checks it whole and says what lies outside. Remembered when
  /// `done` is told. A list that cannot be used, or a malformed value, is kUsage and no job.
  void create(Submission submission, const Asker& asker, std::function<void(Result<Created>)> done);

  /// kNotFound; kForbidden for another's.
  Result<job::Job> find(const std::string& id, const Asker& asker);
  /// Those that the asker may see.
  Result<std::vector<job::Job>> list(job::Filter filter, const Asker& asker);

  // What an owner does; each gives the job as it is afterwards. kUsage where its phase forbids it.
  Result<job::Job> run(const std::string& id, const Asker& asker);
  Result<job::Job> abort(const std::string& id, const Asker& asker);
  Result<job::Job> retry(const std::string& id, const Asker& asker);
  Result<job::Job> set_destruction(const std::string& id, Micros time, const Asker& asker);
  Result<job::Job> set_execution(const std::string& id, std::int64_t seconds, const Asker& asker);
  /// Of a job that is PENDING; a repeated name that has one value takes the new one.
  Result<job::Job> set_parameters(const std::string& id, std::vector<job::Parameter> parameters,
                                  const Asker& asker);
  /// Its results and its record go (UWS DELETE).
  Status remove(const std::string& id, const Asker& asker);
  /// A new job of an old one's request, which runs.
  void rerun(const std::string& id, const Asker& asker, std::function<void(Result<Created>)> done);

  /// Calls `done` once the job is no longer as `known`: its version is another, or it is gone; or
  /// after `seconds`; or at once where it is already. Holds no thread meanwhile.
  void wait(const std::string& id, std::int64_t known_version, std::int64_t seconds,
            const Asker& asker, std::function<void(Result<job::Job>)> done);

  /// What is made of it so far; kNotFound where its results are gone, or it is not planned yet.
  Result<std::shared_ptr<const batch::Results>> results(const job::Job& job);

  /// Whether the database can be reached; the reason where it cannot.
  Status check();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace recorte::service
