/// A 64-bit integer whose arithmetic wraps around where a signed one's is undefined: for sums of
/// numbers that a broken file made up.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace recorte::fits {

struct Wrapping {
  std::int64_t value = 0;

  constexpr Wrapping() = default;
  constexpr Wrapping(std::int64_t v) : value(v) {}  // NOLINT: a number is one
  static constexpr Wrapping of(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }
  constexpr std::uint64_t bits() const { return static_cast<std::uint64_t>(value); }

  friend constexpr Wrapping operator+(Wrapping a, Wrapping b) { return of(a.bits() + b.bits()); }
  friend constexpr Wrapping operator-(Wrapping a, Wrapping b) { return of(a.bits() - b.bits()); }
  friend constexpr Wrapping operator*(Wrapping a, Wrapping b) { return of(a.bits() * b.bits()); }
  friend constexpr Wrapping operator-(Wrapping a) { return of(0 - a.bits()); }
  friend constexpr Wrapping operator&(Wrapping a, Wrapping b) { return of(a.bits() & b.bits()); }
  friend constexpr Wrapping operator^(Wrapping a, Wrapping b) { return of(a.bits() ^ b.bits()); }
  friend constexpr Wrapping operator<<(Wrapping a, int n) { return of(a.bits() << n); }
  friend constexpr Wrapping operator>>(Wrapping a, int n) { return a.value >> n; }
  friend constexpr bool operator==(Wrapping a, Wrapping b) { return a.value == b.value; }
  friend constexpr bool operator<(Wrapping a, Wrapping b) { return a.value < b.value; }
  friend constexpr bool operator>(Wrapping a, Wrapping b) { return a.value > b.value; }
  friend constexpr bool operator<=(Wrapping a, Wrapping b) { return a.value <= b.value; }
  friend constexpr bool operator>=(Wrapping a, Wrapping b) { return a.value >= b.value; }
};

}  // namespace recorte::fits
