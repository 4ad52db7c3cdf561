// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/held_jobs.hpp"

#include "core/base/log.hpp"

#include <chrono>
#include <cstdint>

namespace recorte::service {
namespace {

constexpr auto kEvery = std::chrono::seconds(5);
constexpr std::int64_t kBeforeRenewal = 12;  // of so many times once

}  // namespace

HeldJobs::HeldJobs(const JobQuotas& quotas) : quotas_(quotas), thread_([this] { run(); }) {}

HeldJobs::~HeldJobs() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void HeldJobs::run() {
  std::unique_lock lock(mutex_);
  std::int64_t times = 0;
  while (!wake_.wait_for(lock, kEvery, [this] { return stopping_; })) {
    lock.unlock();
    if (const auto went = quotas_.let_go(times++ % kBeforeRenewal == 0); !went)
      log::write(log::Level::kWarn, "jobs stay held by their quota: " + went.error().message);
    lock.lock();
  }
}

}  // namespace recorte::service
