// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/plio.hpp"

#include <algorithm>

namespace recorte::fits {
namespace {

enum Instruction { kZeros, kSetHigh, kRaise, kLower, kHighs, kZerosThenHigh, kRaiseOne, kLowerOne };

tl::unexpected<Error> broken() { return fail(ErrorCode::kData, "its line list is broken"); }

}  // namespace

Status unpack_plio(std::span<const std::uint8_t> bytes, std::span<std::int32_t> out) {
  const auto words = static_cast<std::int64_t>(bytes.size() / 2);
  const auto word = [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(2 * i);
    return std::int64_t{bytes[k]} << 8 | bytes[k + 1];
  };
  if (words < 3) return broken();
  // The old header has the length in its third word; the new one marks it with 0 or less.
  const bool old = word(2) > 0 && word(2) < 0x8000;
  if (!old && words < 5) return broken();
  const auto end = old ? word(2) : (word(4) << 15) + word(3);
  auto i = old ? 3 : word(1);
  if (end > words || i < 3) return broken();

  std::uint32_t high = 1;  // wraps around where the list is broken
  std::size_t at = 0;
  for (; i < end && at < out.size(); ++i) {
    const auto instruction = word(i);
    const auto operand = static_cast<std::uint32_t>(instruction & 0xfff);
    const auto run = std::min<std::size_t>(operand, out.size() - at);
    switch (instruction >> 12) {
      case kSetHigh:
        if (++i == end) return broken();
        high = (static_cast<std::uint32_t>(word(i)) << 12) + operand;
        break;
      case kRaise: high += operand; break;
      case kLower: high -= operand; break;
      case kRaiseOne: out[at++] = static_cast<std::int32_t>(high += operand); break;
      case kLowerOne: out[at++] = static_cast<std::int32_t>(high -= operand); break;
      case kHighs:
        std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at), run,
                    static_cast<std::int32_t>(high));
        at += run;
        break;
      case kZeros:
      case kZerosThenHigh:
        std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at), run, 0);
        at += run;
        if (instruction >> 12 == kZerosThenHigh && run > 0 && run == operand)
          out[at - 1] = static_cast<std::int32_t>(high);
        break;
      default: return broken();
    }
  }
  if (at < out.size()) return fail(ErrorCode::kData, "its line list ends early");
  return {};
}

}  // namespace recorte::fits
