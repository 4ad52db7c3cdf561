// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace recorte::http {

Throttle::Key Throttle::key_of(std::string_view address) {
  const std::string text(address);
  Key key{};
  if (::inet_pton(AF_INET, text.c_str(), &key[12]) == 1) {
    key[10] = key[11] = 0xff;
  } else if (::inet_pton(AF_INET6, text.c_str(), key.data()) == 1) {
    std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
  }
  return key;
}

double Throttle::fill(const Account& account, std::int64_t now_ms) const {
  const auto most = static_cast<double>(std::max<std::size_t>(limits_.burst, 1));
  if (account.filled_ms < 0) return most;
  const auto seconds = static_cast<double>(now_ms - account.filled_ms) / 1000;
  return std::min(most, account.tokens + seconds * limits_.requests_per_second);
}

bool Throttle::connect(std::string_view address) {
  const std::lock_guard lock(mutex_);
  auto& account = accounts_[key_of(address)];
  if (account.connections >= limits_.connections_per_address) return false;
  ++account.connections;
  return true;
}

void Throttle::disconnect(std::string_view address) {
  const std::lock_guard lock(mutex_);
  const auto at = accounts_.find(key_of(address));
  if (at == accounts_.end() || at->second.connections == 0) return;
  // Who sent a request keeps its bucket until sweep().
  if (--at->second.connections == 0 && at->second.filled_ms < 0) accounts_.erase(at);
}

std::int64_t Throttle::wait_for(std::string_view address, std::int64_t now_ms) {
  if (limits_.requests_per_second <= 0) return 0;
  const std::lock_guard lock(mutex_);
  auto& account = accounts_[key_of(address)];
  account.tokens = fill(account, now_ms);
  account.filled_ms = now_ms;
  if (account.tokens >= 1) {
    account.tokens -= 1;
    return 0;
  }
  const auto seconds = std::ceil((1 - account.tokens) / limits_.requests_per_second);
  return static_cast<std::int64_t>(std::clamp(seconds, 1.0, 3600.0));
}

void Throttle::sweep(std::int64_t now_ms) {
  const auto most = static_cast<double>(std::max<std::size_t>(limits_.burst, 1));
  const std::lock_guard lock(mutex_);
  std::erase_if(accounts_, [&](const auto& entry) {
    return entry.second.connections == 0 && fill(entry.second, now_ms) >= most;
  });
}

std::size_t Throttle::size() const {
  const std::lock_guard lock(mutex_);
  return accounts_.size();
}

}  // namespace recorte::http
