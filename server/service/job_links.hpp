/// Links by which the owner of a job shares its results: made, opened, and ended.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/account/need.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/batch/results.hpp"
#include "core/job/store.hpp"
#include "server/service/job_options.hpp"
#include "server/service/jobs.hpp"

#include <functional>
#include <memory>
#include <string>

namespace recorte::service {

class JobLinks {
 public:
  struct Options {
    account::Key key;    ///< for "link"
    Micros longest = 0;  ///< that one is good for; 0: there are none
    OwnerNow owner_now;
    /// Whether what was made of that may be shared at all.
    std::function<Status(const account::Need&)> may_share;
  };
  /// Both must outlive it.
  JobLinks(Options options, Jobs& jobs, job::Store& store);

  struct Link {
    std::string path;   ///< of what it opens: "products.zip", "results/12"; of all, "products"
    std::string query;  ///< that goes behind it
    Micros expires = 0;
  };
  /// `what`: account::kWholeJob, "products" (the page that lists them), "results/12", or one of
  /// job_files(). `lasts`: 0: a week, or as long as may be. kForbidden for who is not the owner,
  /// and where a survey's results may not be shared.
  Result<Link> make(const std::string& id, const std::string& what, Micros lasts,
                    const Asker& asker);
  /// All links of the job so far are good for nothing from now on.
  Result<job::Job> end(const std::string& id, const Asker& asker);

  struct Opened {
    job::Job job;
    std::shared_ptr<const batch::Results> results;
  };
  /// Of a link to `path`, or to all of the job, as long as its owner may have that, and share it.
  /// kForbidden, with the same sentence for a job that there is not and one whose link it is not.
  Result<Opened> open(const std::string& id, const std::string& path, const std::string& expires,
                      const std::string& signature, const Asker& asker);

 private:
  Status may_share(const batch::Results& results, std::optional<std::int64_t> number) const;

  const Options options_;
  Jobs& jobs_;
  job::Store& store_;
};

}  // namespace recorte::service
