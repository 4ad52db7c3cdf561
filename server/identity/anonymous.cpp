// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/anonymous.hpp"

#include "core/base/log.hpp"

#include <chrono>

namespace recorte::identity {
namespace {

constexpr std::chrono::seconds kPeriod(1);

}  // namespace

Anonymous::Anonymous(auth::Chain& chain)
    : chain_(chain), now_(std::make_shared<const account::Principal>()) {
  learn();
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!end_.wait_for(lock, kPeriod, [this] { return ending_; })) {
      lock.unlock();
      learn();
      lock.lock();
    }
  });
}

Anonymous::~Anonymous() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  end_.notify_all();
  thread_.join();
}

std::shared_ptr<const account::Principal> Anonymous::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void Anonymous::learn() {
  auto principal = chain_.anonymous();
  if (!principal) {
    // Once, not each second.
    if (!trouble_)
      log::write(log::Level::kWarn, "what anyone may is not known anew, and stays as it was: " +
                                        principal.error().message);
    trouble_ = true;
    return;
  }
  trouble_ = false;
  auto now = std::make_shared<const account::Principal>(std::move(*principal));
  const std::lock_guard lock(mutex_);
  now_.swap(now);
}

}  // namespace recorte::identity
