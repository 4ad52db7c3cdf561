/// Bits out of bytes, the highest first, and never past the end: what is read there is zero, and
/// `overrun` says so. Borrows the bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace recorte::fits {

class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  /// The next `n` bits, 0 <= n <= 32.
  std::uint32_t get(int n) {
    if (count_ < n) fill();
    if (count_ < n) {
      overrun_ = true;
      count_ = 0;
      held_ = 0;
      return 0;
    }
    const auto out = n == 0 ? 0 : static_cast<std::uint32_t>(held_ >> (64 - n));
    drop(n);
    return out;
  }

  /// How many zeros come before the next 1, which is taken too.
  std::uint64_t zeros() {
    std::uint64_t out = 0;
    for (;;) {
      if (count_ == 0) fill();
      if (count_ == 0) {
        overrun_ = true;
        return 0;
      }
      if (const int n = std::countl_zero(held_); n < count_) {
        drop(n + 1);
        return out + static_cast<std::uint64_t>(n);
      }
      out += static_cast<std::uint64_t>(count_);
      held_ = 0;
      count_ = 0;
    }
  }

  /// Leaves the rest of a byte of which some bits were read.
  void align() { drop(count_ % 8); }
  bool overrun() const { return overrun_; }

 private:
  void drop(int n) {
    held_ = n == 64 ? 0 : held_ << n;
    count_ -= n;
  }
  void fill() {
    if (end_ - at_ >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at_, sizeof word);
      if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
      const int bytes = (64 - count_) / 8;
      if (bytes < 8) word &= ~(~std::uint64_t{0} >> (8 * bytes));
      held_ |= word >> count_;
      at_ += bytes;
      count_ += 8 * bytes;
      return;
    }
    for (; count_ <= 56 && at_ != end_; count_ += 8)
      held_ |= std::uint64_t{*at_++} << (56 - count_);
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint64_t held_ = 0;  // the next `count_` bits, from the top; zeros below them
  int count_ = 0;
  bool overrun_ = false;
};

}  // namespace recorte::fits
