/// What the configuration says of jobs ([jobs] of recorte.toml).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/claiming.hpp"
#include "core/batch/delivery.hpp"
#include "core/job/job.hpp"
#include "core/quota/limits.hpp"
#include "server/service/queue_view.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recorte::service {

using OwnerNow = std::function<Result<account::Principal>(const job::Job&)>;

struct JobOptions {
  std::filesystem::path directory;     ///< of results, one directory a job
  Micros keep = 7LL * 86'400'000'000;  ///< until destruction, where the user does not say
  Micros longest_keep = 30LL * 86'400'000'000;
  std::int64_t execution_seconds = 0;  ///< where the user does not say; 0: any time
  std::int64_t longest_execution = 0;  ///< 0: any
  bool anonymous_batch = true, anonymous_list = false;
  std::int64_t active = 100;              ///< jobs of one user that have not ended
  std::int64_t anonymous_active = 1'000;  ///< of all that are not signed in, together
  std::size_t most_parameters = 10'000;   ///< of one job
  quota::Quotas quotas;
  batch::Bounds bounds;
  std::string server;              ///< this server's name, for leases
  std::int64_t tasks_at_once = 4;  ///< of all jobs, given to the executor
  std::int64_t products_per_task = 256;
  Micros task_time = 2'000'000;             ///< as batch::Runner::Options has it
  QueueView::Options queue;                 ///< how it is foreseen
  std::optional<batch::Delivery> delivery;  ///< as files, besides
  std::int64_t most_bytes = 0;              ///< of all results; 0: any
  std::int64_t most_bytes_of_one = 0;       ///< of one user's
  /// Whether those whom the parameters name may be told of the end.
  std::function<Status(const std::vector<job::Parameter>&)> may_notify =
      [](const std::vector<job::Parameter>&) { return Status(); };
  OpenFor open_for = kAlwaysOpen;
  MaySee may_see;    ///< none: everybody may see every survey
  MayHave may_have;  ///< none: every owner may have all of their results
  /// Who a job's owner is now, as far as rights go; kForbidden where nothing is to be made for them
  /// any more. None: as they were.
  OwnerNow owner_now;
  bool draining = false;  ///< at first, as of JobEngine::set_draining()
  /// As batch::Runner::Options has it.
  std::function<void(const job::Job&)> ended = [](const job::Job&) {};
};

}  // namespace recorte::service
