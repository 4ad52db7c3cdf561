// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/outage.hpp"

#include <algorithm>

namespace recorte::auth::oidc {
namespace {

constexpr std::int64_t kFirstPause = 1'000, kLongestPause = 10'000;  // ms
constexpr int kMostDoublings = 4;

}  // namespace

Status Outage::enter() {
  const std::lock_guard lock(mutex_);
  if (failures_ == 0) return {};
  const auto left = until_ms_ - clock_();
  if (left > 0 || trying_) {
    auto error = error_;
    error.retry_s = std::max<std::int64_t>(1, (left + 999) / 1'000);
    return fail(std::move(error));
  }
  trying_ = true;
  return {};
}

void Outage::answered() {
  const std::lock_guard lock(mutex_);
  failures_ = 0;
  trying_ = false;
}

void Outage::failed(const Error& error) {
  const std::lock_guard lock(mutex_);
  // Those who asked at the same time are one failure.
  if (failures_ == 0 || trying_) ++failures_;
  trying_ = false;
  const auto pause = kFirstPause << std::min(failures_ - 1, kMostDoublings);
  until_ms_ = clock_() + std::min(pause, kLongestPause);
  error_ = error;
}

}  // namespace recorte::auth::oidc
