/// Random tests that can be repeated: how many rounds there are, the seed of each, and, of
/// sequences of steps, the shortest that still fails.
///
/// RECORTE_TEST_SEED is the seed of the first round, RECORTE_TEST_ROUNDS how many times as many
/// rounds as usual there are. A failure says the seed that repeats it as the first round.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace recorte::test {

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// A seed of an older test, which the environment moves on.
inline unsigned seed(unsigned usual) {
  return usual + static_cast<unsigned>(number_from("RECORTE_TEST_SEED", 0));
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  /// 0 to n - 1.
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  /// `first` to `last`, both included.
  int within(int first, int last) { return first + below(last - first + 1); }
  bool one_in(int n) { return below(n) == 0; }
  /// From `low`, below `high`.
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1p-53;
  }
  template <class List>
  const auto& any_of(const List& list) {
    return *std::next(std::begin(list), below(static_cast<int>(std::size(list))));
  }

 private:
  std::mt19937_64 engine_;
};

/// `round(random)` so many times, or as many times more as the environment says; until one fails.
template <class Round>
void for_rounds(int usual, Round round) {
  const auto first = number_from("RECORTE_TEST_SEED", 1);
  const auto count = static_cast<std::uint64_t>(usual) * number_from("RECORTE_TEST_ROUNDS", 1);
  for (auto seed = first; seed < first + count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("to repeat it: RECORTE_TEST_SEED=" + std::to_string(seed));
    Random random(seed);
    round(random);
  }
}

/// What a step is, and the numbers that it takes what it needs from: it means something in
/// whatever state it finds, so that any steps may be left out.
struct Step {
  int kind = 0;
  std::uint32_t a = 0, b = 0, c = 0;
};

inline std::vector<Step> random_steps(Random& random, int count, int kinds) {
  std::vector<Step> out;
  for (int i = 0; i < count; ++i)
    out.push_back({random.below(kinds), static_cast<std::uint32_t>(random.bits()),
                   static_cast<std::uint32_t>(random.bits()),
                   static_cast<std::uint32_t>(random.bits())});
  return out;
}

/// Says what is wrong after these steps; "" for nothing.
using Trial = std::function<std::string(const std::vector<Step>&)>;

/// Leaves out what it can, so that the trial fails all the same: half of them, a quarter, … one.
inline std::vector<Step> shortest(std::vector<Step> steps, const Trial& trial) {
  for (auto size = std::max<std::size_t>(1, steps.size() / 2);; size /= 2) {
    for (std::size_t at = 0; at < steps.size();) {
      auto fewer = steps;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(size, steps.size() - at)));
      if (trial(fewer).empty())
        at += size;
      else
        steps = std::move(fewer);
    }
    if (size <= 1) return steps;
  }
}

/// Random sequences against a trial; the shortest one that fails is told, by `names` of its kinds.
inline void try_sequences(int usual, int steps, const std::vector<std::string>& names,
                          const Trial& trial) {
  for_rounds(usual, [&](Random& random) {
    const auto all = random_steps(random, steps, static_cast<int>(names.size()));
    if (trial(all).empty()) return;
    const auto few = shortest(all, trial);
    std::ostringstream said;
    for (const auto& step : few)
      said << "\n  " << names[static_cast<std::size_t>(step.kind)] << " " << step.a << " " << step.b
           << " " << step.c;
    ADD_FAILURE() << "after" << said.str() << "\n" << trial(few);
  });
}

}  // namespace recorte::test
