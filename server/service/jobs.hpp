/// The one door to jobs, for every face: who may see and do what, and what a request becomes. All
/// of it may be called from any thread; what asks the database blocks for as long as that takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"
#include "core/job/store.hpp"
#include "core/quota/rules.hpp"
#include "core/schedule/estimate.hpp"
#include "core/store/archive.hpp"
#include "server/http/response.hpp"
#include "server/service/cutouts.hpp"
#include "server/service/queue_view.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recorte::service {

/// How a face's parameters become an Ask: kUsage names what is wrong. `has_list`: whether regions
/// come in a list. `whole`: whether all must be there; else only what is malformed is an error, and
/// the Ask may lack what is not known yet (a job that is PENDING).
using Reader =
    std::function<void(const std::vector<job::Parameter>& parameters, bool has_list, bool whole,
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

/// What a job would take, and when, if it were accepted now.
struct Foreseen {
  std::int64_t positions = 0, products = 0;
  schedule::Band seconds;           ///< until it is done
  schedule::Band bytes;             ///< of all products
  double start_s = 0;               ///< until it begins
  std::int64_t ahead = 0;           ///< jobs that wait and begin before it
  std::size_t runs = 0;             ///< that this is learnt from
  std::string_view basis;           ///< as schedule::Estimate has it
  std::vector<std::string> limits;  ///< why it would not be accepted
};

/// Jobs of one list, at most: they are in memory.
inline constexpr std::int64_t kLongestList = 10'000;

/// A port, so that faces can be tested without an engine; server/service/job_engine.hpp is it.
class Jobs {
 public:
  virtual ~Jobs() = default;

  /// Reads the parameters; with a list, checks it whole and says what lies outside. Remembered when
  /// `done` is told. A list that cannot be used, or a malformed value, is kUsage and no job.
  virtual void create(Submission submission, const Asker& asker,
                      std::function<void(Result<Created>)> done) = 0;

  /// What that job would take; `positions`: so many, wherever they are, instead of a region or a
  /// list. kUsage as in create().
  virtual void estimate(Submission submission, std::optional<std::int64_t> positions,
                        const Asker& asker, std::function<void(Result<Foreseen>)> done) = 0;

  /// kNotFound; kForbidden for another's, kUnauthenticated for whoever is not signed in.
  virtual Result<job::Job> find(const std::string& id, const Asker& asker) = 0;
  /// Those that the asker may see, at most kLongestList + 1: one more tells that there are.
  virtual Result<std::vector<job::Job>> list(job::Filter filter, const Asker& asker) = 0;

  // What an owner does; each gives the job as it is afterwards. kUsage where its phase forbids it.
  virtual Result<job::Job> run(const std::string& id, const Asker& asker) = 0;
  virtual Result<job::Job> abort(const std::string& id, const Asker& asker) = 0;
  virtual Result<job::Job> retry(const std::string& id, const Asker& asker) = 0;
  /// HELD, with what is made so far, until run() lets it go on.
  virtual Result<job::Job> pause(const std::string& id, const Asker& asker) = 0;
  /// Of the owner's own jobs that wait, those with the higher place go first; 0 to begin with.
  virtual Result<job::Job> set_place(const std::string& id, std::int64_t place,
                                     const Asker& asker) = 0;
  virtual Result<job::Job> set_destruction(const std::string& id, Micros time,
                                           const Asker& asker) = 0;
  virtual Result<job::Job> set_execution(const std::string& id, std::int64_t seconds,
                                         const Asker& asker) = 0;
  /// Of a job that is PENDING; a repeated name that has one value takes the new one.
  virtual Result<job::Job> set_parameters(const std::string& id,
                                          std::vector<job::Parameter> parameters,
                                          const Asker& asker) = 0;
  /// Its results and its record go (UWS DELETE).
  virtual Status remove(const std::string& id, const Asker& asker) = 0;
  /// A new job of an old one's request, which runs.
  virtual void rerun(const std::string& id, const Asker& asker,
                     std::function<void(Result<Created>)> done) = 0;

  /// Calls `done` once the job is no longer as `known`: its version is another, or it is gone; or
  /// after `seconds`; or at once where it is already. kUnavailable where the server is about to
  /// end. Holds no thread meanwhile.
  virtual void wait(const std::string& id, std::int64_t known_version, std::int64_t seconds,
                    const Asker& asker, std::function<void(Result<job::Job>)> done) = 0;

  /// Where it stands in the queue; none where it is not there.
  virtual std::optional<QueuePlace> queue_place(const job::Job& job) = 0;

  /// What is made of it so far, for whoever may see all that went into one product (`number`, from
  /// 1; of one that there is not, nothing did) or, nullopt, into any. kNotFound where its results
  /// are gone, or it is not planned yet; kUnauthenticated or kForbidden names the survey.
  virtual Result<std::shared_ptr<const batch::Results>> results(
      const job::Job& job, const Asker& asker, std::optional<std::int64_t> number) = 0;

  /// All products of these results as one file.
  virtual Result<std::shared_ptr<const http::Source>> archive(
      store::ArchiveKind kind, const job::Job& job,
      const std::shared_ptr<const batch::Results>& results) = 0;

  /// What the asker may use, by every rule that has a limit, and has used.
  virtual Result<std::vector<quota::Standing>> standings(const Asker& asker) = 0;

  /// Whether the database can be reached; the reason where it cannot.
  virtual Status check() = 0;
};

}  // namespace recorte::service
