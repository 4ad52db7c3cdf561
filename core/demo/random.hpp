/// Random numbers that are the same everywhere: the engine is fixed by the C++ standard, the
/// distributions of the standard library are not, so they are written out here.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace recorte::demo {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// In [0, 1).
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Mean 0, variance 1 (Box and Muller 1958; both numbers of a pair are used).
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }
  /// A magnitude between `bright` and `faint` where numbers grow as 10^(slope m).
  double magnitude(double bright, double faint, double slope) {
    const double span = std::pow(10, slope * (faint - bright)) - 1;
    return bright + std::log10(1 + uniform() * span) / slope;
  }

 private:
  std::mt19937_64 engine_;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace recorte::demo
