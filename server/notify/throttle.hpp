/// Which alerts are said: the same text once in a while, and a bounded number in a longer while.
/// Pure: whoever asks says what time it is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace recorte::notify {

class Throttle {
 public:
  struct Options {
    Micros same = 600'000'000;    ///< between two of the same text
    Micros span = 3'600'000'000;  ///< in which
    std::size_t most = 20;        ///< at most so many are said
  };
  Throttle() = default;
  explicit Throttle(Options options) : options_(options) {}

  /// Whether this one is said now. Those that are not are counted.
  bool admit(const std::string& text, Micros now);
  /// How many were not said; counts anew from here.
  std::int64_t take_held_back();
  /// When they are to be told of where nothing else is said before; nullopt: there are none.
  std::optional<Micros> due() const;

 private:
  Options options_{};
  std::map<std::string, Micros> said_;  ///< within `same`, so no more than `most`
  std::deque<Micros> times_;            ///< within `span`
  std::int64_t held_back_ = 0;
  Micros first_held_back_ = 0;
};

}  // namespace recorte::notify
