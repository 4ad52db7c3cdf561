/// Where a provider is asked what, by its own word, kept for a while.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/login/provider.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace recorte::auth {

class Discovery {
 public:
  explicit Discovery(std::function<Micros()> clock) : clock_(std::move(clock)) {}
  /// Asked once an hour; after a failure, not for some seconds. One asks, the others wait for it.
  /// [any thread]
  Result<net::OpenidProvider> of(const Provider& provider);

 private:
  const std::function<Micros()> clock_;
  std::mutex mutex_;
  Micros good_until_ = 0;
  std::optional<Result<net::OpenidProvider>> known_;
};

}  // namespace recorte::auth
