/// Passwords as argon2id strings. A hash takes 64 MiB and a twentieth of a second: few are made at
/// once, a few more wait, and the rest are told to come again.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace recorte {

class Passwords {
 public:
  struct Options {
    std::int64_t passes = 2;
    std::int64_t memory = 64LL << 20;  ///< bytes, of each hash
    std::size_t at_once = 2;
    std::size_t waiting = 20;
    std::chrono::milliseconds patience{5000};  ///< of one that waits
  };
  explicit Passwords(Options options);

  /// The string that is kept. kUsage where it is shorter or longer than may be, kUnavailable with
  /// a time to wait where too many are being hashed.
  Result<std::string> hash(std::string_view password);
  /// Whether it is the one. `hash` "": of nobody; it takes as long, and is not. Errors as hash()'s.
  Result<bool> verify(std::string_view password, const std::string& hash);
  /// Whether the hash was made otherwise than these options say, and should be made anew.
  bool outdated(const std::string& hash) const;

  static constexpr std::size_t kShortest = 12, kLongest = 1024;  ///< bytes

 private:
  class Turn;
  Result<std::string> make(std::string_view password) const;
  const std::string& nobodys();

  const Options options_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::size_t working_ = 0, waiting_ = 0;
  std::once_flag made_;
  std::string nobodys_;
};

}  // namespace recorte
