// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/retry.hpp"

#include <algorithm>

namespace recorte::schedule {

bool passes(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
}

bool blames_item(const Error& error) {
  return error.code != ErrorCode::kUnavailable && error.code != ErrorCode::kCancelled;
}

std::optional<Micros> retry_after(const RetryPolicy& policy, const Error& error, int failures) {
  if (!passes(error) || failures > policy.tries) return {};
  auto pause = policy.first;
  for (int i = 1; i < failures && pause < policy.longest; ++i) pause *= 2;
  return std::min(pause, policy.longest);
}

}  // namespace recorte::schedule
