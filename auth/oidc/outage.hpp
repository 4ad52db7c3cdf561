/// A provider that does not answer is not asked by everybody: after each failure nobody asks for a
/// while, and then one does first.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <cstdint>
#include <functional>
#include <mutex>

namespace recorte::auth::oidc {

class Outage {
 public:
  using Clock = std::function<std::int64_t()>;
  explicit Outage(Clock clock = monotonic_ms) : clock_(std::move(clock)) {}

  /// Whether one may ask now; the error of the last who did, with what to wait, where not. Whoever
  /// may says afterwards what came of it. [any thread]
  Status enter();
  void answered();
  void failed(const Error& error);

 private:
  const Clock clock_;
  std::mutex mutex_;
  int failures_ = 0;  ///< in a row
  bool trying_ = false;
  std::int64_t until_ms_ = 0;
  Error error_;
};

}  // namespace recorte::auth::oidc
