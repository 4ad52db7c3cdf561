/// The results of jobs that were looked at last, kept: a client who fetches a thousand products one
/// by one, or asks for a job that runs, has each pack opened once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/results.hpp"
#include "core/job/store.hpp"

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace recorte::service {

class JobResults {
 public:
  /// The store must outlive it.
  JobResults(std::filesystem::path results, job::Store& store);
  /// What is made of it so far; kNotFound says why there is nothing yet, or any more; kData where
  /// it should be there. [any thread]
  Result<std::shared_ptr<const batch::Results>> open(const job::Job& job);
  /// Lets go of what is kept of a job whose files go.
  void forget(const std::string& id);

 private:
  struct Kept {
    std::string id;
    std::int64_t version, rounds;
    Micros opened;
    std::shared_ptr<const batch::Results> results;
  };
  /// Whether what is kept is what would be found now. With the mutex.
  static bool is_good(const Kept& kept, const job::Job& job);
  const std::filesystem::path results_;
  job::Store& store_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the last used first
};

}  // namespace recorte::service
