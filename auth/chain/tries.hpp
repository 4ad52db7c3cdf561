/// How often somebody may be wrong: of each user and each address, so many wrong credentials in a
/// row, and one more for each while that passes. Only what is wrong counts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace recorte::auth {

class Tries {
 public:
  struct Options {
    std::int64_t of_user = 10, of_address = 50;  ///< in a row; 0: any number
    Micros again = 6'000'000;                    ///< after which one comes back
    std::size_t most = 50'000;                   ///< users and addresses that are remembered
  };
  explicit Tries(Options options) : options_(options) {}

  /// Seconds until a credential of `user` ("": none is claimed) from `address` is looked at again;
  /// 0: it is now. [any thread]
  std::int64_t wait_for(std::string_view address, std::string_view user, Micros now) const;
  void failed(std::string_view address, std::string_view user, Micros now);
  /// The user has all their tries again; the address gets one back, as others may be behind it.
  void succeeded(std::string_view address, std::string_view user, Micros now);
  std::size_t size() const;

 private:
  struct Account {
    std::string key;
    Micros whole = 0;  ///< when all tries will have come back
  };
  using Place = std::list<Account>::iterator;
  std::int64_t wait_of(const std::string& key, std::int64_t tries, Micros now) const;
  void count(const std::string& key, std::int64_t tries, Micros now);

  const Options options_;
  mutable std::mutex mutex_;
  std::list<Account> accounts_;                         ///< the one that failed last comes first
  std::unordered_map<std::string_view, Place> places_;  ///< by the key in the list
};

}  // namespace recorte::auth
