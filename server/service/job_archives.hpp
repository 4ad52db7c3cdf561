/// The archives of jobs that were asked for last, kept: a client who fetches one in a thousand
/// ranges has the list of its members made once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"
#include "core/store/archive.hpp"
#include "server/http/response.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace recorte::service {

class JobArchives {
 public:
  /// Of the products that are there in `results`. Who asks for one that is not kept waits for it.
  /// [any thread]
  Result<std::shared_ptr<const http::Source>> get(
      store::ArchiveKind kind, const job::Job& job,
      const std::shared_ptr<const batch::Results>& results);
  /// Lets go of those of a job whose files go.
  void forget(const std::string& id);

 private:
  struct Kept {
    std::string id;
    store::ArchiveKind kind;
    std::weak_ptr<const batch::Results> of;
    std::shared_ptr<const http::Source> archive;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the last used first
};

}  // namespace recorte::service
