/// What one address may take: connections at once, and requests a second (a token bucket). An IPv6
/// client is its /64, since a host owns as many addresses of it as it likes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/limits.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

namespace recorte::http {

class Throttle {
 public:
  explicit Throttle(const Limits& limits) : limits_(limits) {}

  /// Counts a connection; false, and uncounted, where the address has as many as it may.
  bool connect(std::string_view address);
  void disconnect(std::string_view address);
  /// Takes one request off the address's bucket. 0: it may go on; else the seconds to wait.
  std::int64_t wait_for(std::string_view address, std::int64_t now_ms);
  /// Forgets who has nothing open and may take everything again.
  void sweep(std::int64_t now_ms);
  std::size_t size() const;

 private:
  using Key = std::array<std::uint8_t, 16>;
  struct Account {
    std::size_t connections = 0;
    double tokens = 0;
    std::int64_t filled_ms = -1;  ///< -1: the bucket was never used
  };
  static Key key_of(std::string_view address);
  /// Tokens now.
  double fill(const Account& account, std::int64_t now_ms) const;

  const Limits limits_;
  mutable std::mutex mutex_;
  std::map<Key, Account> accounts_;
};

}  // namespace recorte::http
