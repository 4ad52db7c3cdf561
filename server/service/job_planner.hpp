/// From what a job asked for to its plan: a face's reader makes an Ask of the parameters, the list
/// or the regions multiply, and the workers say what lies outside of every image.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/crew.hpp"
#include "core/job/job.hpp"
#include "core/schedule/estimate.hpp"
#include "core/schedule/executor.hpp"
#include "server/service/estimates.hpp"
#include "server/service/jobs.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace recorte::service {

class JobPlanner {
 public:
  using Readers = std::map<job::Face, Reader>;
  struct Outside {
    std::int64_t products = 0;
    std::vector<std::int64_t> rows;  ///< the first of them, each once
    schedule::Work inside;           ///< what the others take
  };

  /// What a request that is no job yet would take.
  struct Measured {
    std::int64_t positions = 0;
    schedule::Work work;
    std::vector<std::string> limits;  ///< bounds that it is past
  };

  /// Executor and estimates must outlive it, and what was begun. `open_for` and
  /// `may_see` (none: all may): the surveys of new jobs.
  JobPlanner(std::filesystem::path results, batch::Bounds bounds, Readers readers,
             schedule::Executor& executor, Estimates& estimates, cutout::Budget budget,
             OpenFor open_for, MaySee may_see = {});

  /// The parameters of a job, well-formed, of surveys that are open, and within the bounds,
  /// though some may be missing.
  void read(const job::Job& job, const Asker& asker, std::function<void(Result<batch::Ask>)> done);
  /// How much a job without a list would make, at most: what several variants have in common is
  /// found when it is planned.
  void count(const job::Job& job, const Asker& asker,
             std::function<void(Result<batch::Expanded>)> done);
  /// Writes the plan into the job's directory, of its list where it has one there.
  void plan(const job::Job& job, const Asker& asker,
            std::function<void(Result<batch::Expanded>)> done);
  /// Of its list, or so many positions, or its regions. Nothing of it stays on disk.
  void measure(const job::Job& job, std::string list, std::optional<std::int64_t> positions,
               const Asker& asker, std::function<void(Result<Measured>)> done);
  /// Of the products of a plan; an error where nobody can say, or one of its surveys is not
  /// open.
  void look_outside(const job::Job& job, const Asker& asker,
                    std::function<void(Result<Outside>)> done);
  /// Asks the executor nothing more; what is under way is told so.
  void stop();
  /// Whether somebody may have cutouts now of every survey that a job's plan names; so they may
  /// where it has none. Reads all of it.
  void may_use_planned(const job::Job& job, const Asker& asker, std::function<void(Status)> done);

 private:
  /// Whether somebody may have cutouts of it now.
  Status may_use(const std::string& survey, std::string_view release, const Asker& asker) const;
  /// Whether they may see it.
  Status may_see(const std::string& survey, std::string_view release, const Asker& asker) const;
  struct Search;
  void next(std::shared_ptr<Search> search);
  const Reader& reader(job::Face face) const { return readers_.at(face); }
  std::filesystem::path directory_of(const job::Job& job) const;

  const std::filesystem::path results_;
  const batch::Bounds bounds_;
  const Readers readers_;
  schedule::Executor& executor_;
  Estimates& estimates_;
  const cutout::Budget budget_;
  const OpenFor open_for_;
  const MaySee may_see_;
  std::atomic<bool> stopping_ = false;
  batch::Crew crew_{1};
};

/// Who owns a job, as one who asks for its products.
Asker owner_of(const job::Job& job);

}  // namespace recorte::service
