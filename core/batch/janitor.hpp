/// What goes when its time is over: results past their destruction or past the bounds on disk,
/// oldest first, and what is left of jobs that are gone (core/batch/leftovers.hpp). Records stay,
/// ARCHIVED.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::batch {

class Janitor {
 public:
  struct Options {
    std::filesystem::path directory;       ///< of results
    Micros every = 60'000'000;             ///< between two looks at the records
    Micros files_every = 600'000'000;      ///< and at the directories
    Micros whole_every = 86'400'000'000;   ///< and at those that hold a list alone
    std::int64_t most_bytes = 0;           ///< of all results; 0: any
    std::int64_t most_bytes_of_one = 0;    ///< of one owner's; 0: any
    Micros stray = 30LL * 86'400'000'000;  ///< age at which a directory without a job goes
  };
  /// `gone`: hears the id of a job whose results go, before they do and after, so that nobody keeps
  /// what was opened meanwhile. The store must outlive it.
  Janitor(Options options, job::Store& store, std::function<void(const std::string& id)> gone);
  ~Janitor();
  Janitor(const Janitor&) = delete;
  Janitor& operator=(const Janitor&) = delete;

  /// A look at everything at once; what could not be done. [any thread]
  Status sweep();
  /// Somebody has set a destruction: jobs that are due go now. Returns at once. [any thread]
  void look_soon();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Ends a job that has not ended, takes its results away but for the list it came with, and marks
/// it ARCHIVED; `hidden`: and out of its owner's lists, the list too. `still`: whether that is
/// right of the job as it is now; its error changes nothing, and is the result.
Result<job::Job> archive(
    job::Store& store, const std::filesystem::path& results, const std::string& id, bool hidden,
    const std::function<Status(const job::Job&)>& still = [](const auto&) { return Status(); });

}  // namespace recorte::batch
