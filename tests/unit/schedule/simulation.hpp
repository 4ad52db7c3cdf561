/// A machine of workers, users who send batches to it, and the policy between them, event by event:
/// hours of a service in a second. Task lengths are log-normal, from a generator with a seed; a
/// task is charged when it begins by what its user's tasks took before, and corrected when it ends.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/policy.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recorte::schedule::simulation {

inline constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
inline constexpr Micros kBin = 10 * kMinute;  ///< in which work is counted

/// A time in which a user always has work: it sends a batch as soon as the last is nearly begun,
/// and takes back what waits at the end.
struct Stay {
  Micros from = 0, to = 0;
};

struct User {
  std::string name;
  Class in = Class::kNormal;
  std::vector<Stay> stays;       ///< in order
  std::int64_t largest = 2'000;  ///< tasks of a batch that is sent in a stay, at least 100
};

/// A batch besides.
struct Arrival {
  Micros at = 0;
  std::size_t user = 0;
  std::int64_t tasks = 0;
};

struct Setup {
  PolicyOptions policy;
  std::size_t workers = 1;
  std::vector<User> users;
  std::vector<Arrival> arrivals;  ///< in order of time
  Micros until = 0;               ///< nothing begins later
  std::uint64_t seed = 1;
  double median_s = 1, spread = 0.5;  ///< of a task's length; the spread is of its logarithm
  double longest_s = 5;
};

struct Outcome {
  std::int64_t tasks = 0;
  std::vector<std::vector<double>> work;              ///< seconds, by bin and user
  std::vector<std::vector<bool>> backlogged;          ///< by bin and user: work waited all the time
  std::vector<Micros> ended;                          ///< by arrival: its last task; 0: it did not
  std::uint64_t order = 0;                            ///< a hash of who had which turn when
  double idle_s = 0;                                  ///< of workers while work waited
  std::array<Micros, kClassNames.size()> oldest{};    ///< age at the begin, since it was sent
  std::array<Micros, kClassNames.size()> unserved{};  ///< a line's longest time without a turn
};

Outcome simulate(const Setup& setup);

}  // namespace recorte::schedule::simulation
