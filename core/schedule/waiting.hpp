/// Those who are turned away: what they are told, and how long a full queue takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace recorte::schedule {

/// `seconds`: until it is worth another try; 0: a few.
inline Error turned_away(const std::string& why, std::int64_t seconds = 0) {
  Error error{ErrorCode::kUnavailable, why, seconds};
  const auto wait = retry_seconds(error);
  error.message += "; try again in " + std::to_string(wait) + (wait == 1 ? " second" : " seconds");
  return error;
}
inline Error stopping_error() { return turned_away("the service is stopping"); }

/// The mean of recent service times, in which each of the last twenty or so counts. [any thread]
class ServiceTime {
 public:
  void add(double seconds) {
    constexpr double kShare = 1.0 / 16;
    auto mean = mean_.load(std::memory_order_relaxed);
    while (!mean_.compare_exchange_weak(mean, mean > 0 ? mean + kShare * (seconds - mean) : seconds,
                                        std::memory_order_relaxed)) {
    }
  }
  /// 0: nothing was done yet.
  double mean() const { return mean_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> mean_ = 0;
};

/// Whole seconds, at least one, until so many that wait are done by so many workers; 0 where it is
/// not known what one takes.
inline std::int64_t queue_seconds(std::size_t waiting, double mean_s, std::size_t workers) {
  constexpr double kMost = 86'400;
  if (mean_s <= 0) return 0;
  const double all = static_cast<double>(waiting) * mean_s /
                     static_cast<double>(std::max<std::size_t>(1, workers));
  return static_cast<std::int64_t>(std::ceil(std::clamp(all, 1.0, kMost)));
}

}  // namespace recorte::schedule
