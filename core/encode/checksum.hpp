/// The ones-complement checksum of FITS 4.0, section 4.4.2.7 and appendix J. No state.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace recorte::encode {

/// a + b with the carry fed back.
std::uint32_t ones_complement_add(std::uint32_t a, std::uint32_t b);
/// The sum of `bytes` as big-endian words of a stream in which they begin at byte `offset`; bytes
/// missing from the first and the last word count as zero. Sums of parts add up, in any order.
std::uint32_t ones_complement_sum(std::span<const std::byte> bytes, std::int64_t offset);
/// The 16 characters that, as the value of CHECKSUM in place of zeros, make the sum of an HDU all
/// ones, when its sum with 16 characters '0' there is `sum`.
std::string checksum_text(std::uint32_t sum);

}  // namespace recorte::encode
