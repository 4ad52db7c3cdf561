/// Where a request that a face has understood becomes a task, and the task's product an answer. A
/// cutout for one who waits takes the road of every other: request → task → executor → worker →
/// product.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/base/error.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/task.hpp"
#include "core/quota/blocks.hpp"
#include "core/schedule/executor.hpp"
#include "server/service/admission.hpp"
#include "server/service/estimates.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace recorte::service {

/// Who asks, and under which id the log knows it.
struct Asker {
  account::Principal principal;
  std::string request_id;
  /// True once nobody waits for the answer any more.
  schedule::Cancelled gone;
  /// The operator, who may touch every job.
  bool admin = false;
};

struct Product {
  cutout::Outcome outcome;
  std::shared_ptr<const store::Sink>
      sink;  ///< the product lies at [outcome.offset, + outcome.bytes)
};

template <class T>
struct Answer {
  Result<T> result;
  std::int64_t queued_us = 0, worked_us = 0;
  bool for_a_job = false;  ///< it was refused, as it is for those who do not wait
};

class Cutouts {
 public:
  /// All of them must outlive it, and `open_for`'s parts.
  Cutouts(SurveyBook& surveys, schedule::Executor& executor, Estimates& estimates,
          quota::Blocks& quotas, cutout::Budget budget, SyncBounds bounds,
          OpenFor open_for = kAlwaysOpen);

  /// `done` is called once, on a thread of the executor's or of the quotas'; at once where it is
  /// refused, or an admin has switched off what is asked for. kNotFound names the surveys there
  /// are; kRateLimited what the asker has used; kTooLarge what a job may ask for.
  void cut(const cutout::CutoutRequest& request, const Asker& asker,
           std::function<void(Answer<Product>)> done);
  /// The images that touch the request's region, as JSON objects (docs/reference/http-api.md).
  void images(const cutout::CutoutRequest& request, const Asker& asker,
              std::function<void(Answer<nlohmann::json>)> done);

  /// Of all cutouts so far. [any thread]
  cutout::CacheUse cache_use() const;

 private:
  void run(cutout::Task task, schedule::Work work, std::int64_t bytes, const Asker& asker,
           const quota::Drawn& drawn, const std::function<void(Answer<Product>)>& done);
  cutout::Task task_of(const cutout::CutoutRequest& request, const Asker& asker) const;

  SurveyBook& surveys_;
  schedule::Executor& executor_;
  Estimates& estimates_;
  quota::Blocks& quotas_;
  cutout::Budget budget_;
  SyncBounds bounds_;
  const OpenFor open_for_;
  struct Uses;
  std::shared_ptr<Uses> uses_;  ///< shared with the tasks on their way, which may outlive this
};

}  // namespace recorte::service
