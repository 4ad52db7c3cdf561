// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/discovery.hpp"

namespace recorte::auth {
namespace {

constexpr Micros kSecond = 1'000'000, kKept = 3'600 * kSecond, kAfterFailure = 5 * kSecond;

}  // namespace

Result<net::OpenidProvider> Discovery::of(const Provider& provider) {
  const std::lock_guard lock(mutex_);
  if (known_ && clock_() < good_until_) return *known_;
  auto asked = provider.discover();
  // A provider that is away now was where it was an hour ago.
  const bool older = !asked && known_ && *known_;
  good_until_ = clock_() + (asked ? kKept : kAfterFailure);
  if (!older) known_ = std::move(asked);
  return *known_;
}

}  // namespace recorte::auth
