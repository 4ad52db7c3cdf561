// SPDX-License-Identifier: BSD-3-Clause
#include "auth/chain/tries.hpp"

#include "core/base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace recorte::auth {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr std::size_t kLongestUser = 256;

std::string user_key(std::string_view user) { return "u" + lower(user.substr(0, kLongestUser)); }

/// An IPv6 client is its /64: a host owns as many addresses of it as it likes.
std::string address_key(std::string_view address) {
  const std::string text(address);
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) != 1) return "a" + text;
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (IN6_IS_ADDR_V4MAPPED(&six) != 0)
    return std::string("a") +
           ::inet_ntop(AF_INET, static_cast<const void*>(&six.s6_addr[12]), out.data(), out.size());
  std::memset(&six.s6_addr[8], 0, 8);
  return std::string("a") + ::inet_ntop(AF_INET6, &six, out.data(), out.size());
}

}  // namespace

std::int64_t Tries::wait_of(const std::string& key, std::int64_t tries, Micros now) const {
  const auto at = places_.find(key);
  if (tries <= 0 || at == places_.end()) return 0;
  const auto early = at->second->whole - now - (tries - 1) * options_.again;
  return early <= 0 ? 0 : (early + kSecond - 1) / kSecond;
}

std::int64_t Tries::wait_for(std::string_view address, std::string_view user, Micros now) const {
  const std::lock_guard lock(mutex_);
  const auto of_user = user.empty() ? 0 : wait_of(user_key(user), options_.of_user, now);
  return std::max(of_user, wait_of(address_key(address), options_.of_address, now));
}

void Tries::count(const std::string& key, std::int64_t tries, Micros now) {
  if (tries <= 0) return;
  auto at = places_.find(key);
  if (at == places_.end()) {
    accounts_.push_front({key, now});
    at = places_.emplace(accounts_.front().key, accounts_.begin()).first;
  } else {
    accounts_.splice(accounts_.begin(), accounts_, at->second);
  }
  auto& whole = at->second->whole;
  // Those that are judged at the same time go past the bound, by no more than there are of them.
  whole = std::max(whole, now) + options_.again;
  while (accounts_.size() > options_.most || accounts_.back().whole <= now) {
    places_.erase(accounts_.back().key);
    accounts_.pop_back();
  }
}

void Tries::failed(std::string_view address, std::string_view user, Micros now) {
  const std::lock_guard lock(mutex_);
  if (!user.empty()) count(user_key(user), options_.of_user, now);
  count(address_key(address), options_.of_address, now);
}

void Tries::succeeded(std::string_view address, std::string_view user, Micros /*now*/) {
  const std::lock_guard lock(mutex_);
  if (const auto at = places_.find(user_key(user)); at != places_.end()) at->second->whole = 0;
  if (const auto at = places_.find(address_key(address)); at != places_.end())
    at->second->whole -= options_.again;
}

std::size_t Tries::size() const {
  const std::lock_guard lock(mutex_);
  return accounts_.size();
}

}  // namespace recorte::auth
