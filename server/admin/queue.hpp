/// The queue as the policy sees it: who waits and who runs, in the order in which they are expected
/// to begin.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"
#include "core/schedule/forecast.hpp"
#include "core/schedule/policy.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace recorte::admin {

/// What is left of a job, in seconds.
struct Left {
  double work_s = 0;   ///< of one worker
  double fixed_s = 0;  ///< besides, however many workers there are
};

struct QueueView {
  job::Store& store;
  std::string server;  ///< that asks
  schedule::PolicyOptions policy;
  double workers = 1;  ///< that jobs have
  std::function<Left(const job::Queued&)> left;
};

/// At most so many jobs of one owner are looked at.
inline constexpr std::int64_t kMostOfOne = 1'000;

/// Running ones first, then by expected start.
Result<nlohmann::ordered_json> queue_json(const QueueView& view);

}  // namespace recorte::admin
