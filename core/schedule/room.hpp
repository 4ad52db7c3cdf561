/// Memory that the executors of a machine share, so that two works on many pixels do not meet: each
/// says what it expects to take, and waits until that is free. Others that fit go before it, but
/// only for a while: then what gets free is kept for it. Those who wait for a cutout go before
/// jobs. Pure: time comes in as an argument.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstdint>
#include <list>
#include <mutex>

namespace recorte::schedule {

class Room {
 public:
  /// What one takes, and since when it waits for it. Its owner gives it back.
  struct Ticket {
    std::uint64_t bytes = 0;  ///< 0: little, which always fits
    bool real_time = false;
    bool has = false;
    Micros since = 0;  ///< 0: it has not had to wait
  };

  /// `bytes`: of all together; what would take more than that goes alone. `patience`: how long
  /// others may go before one that waits.
  explicit Room(std::uint64_t bytes, Micros patience = 1'000'000);

  /// Whether it has its memory now; else it is among those that wait, and asks again when another
  /// has given back. [any thread]
  bool take(Ticket& ticket, Micros now);
  /// It has done with it, or waits no longer. [any thread]
  void give_back(Ticket& ticket);
  /// Bytes that are taken. [any thread]
  std::uint64_t taken() const;

 private:
  bool is_kept_for_another(const Ticket& ticket, Micros now) const;

  const std::uint64_t bytes_;
  const Micros patience_;
  mutable std::mutex mutex_;
  std::uint64_t taken_ = 0;
  std::list<const Ticket*> waiting_;  ///< the first has waited longest
};

}  // namespace recorte::schedule
