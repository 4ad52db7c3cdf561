/// Several streams of Rice's code at once: eight or sixteen in the lanes of AVX-512, or four in
/// turn in one loop. Parts of unpack_rice_abreast().
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"

#include <cstdint>
#include <span>

namespace recorte::fits {

inline constexpr std::size_t kRiceEights = 16, kRiceFour = 4;

/// A stream and where its next pixels go. Lanes may share a stream: then each decodes the same.
struct RiceLane {
  RiceStream* stream = nullptr;
  std::int32_t* out = nullptr;
};

/// Decodes whole blocks, at most `blocks` of each lane, into `out` and on; returns how many. Stops
/// before a block that only unpack_rice() can decode, and after one where a stream ends early, of
/// any lane. Of eight lanes or sixteen, where simd() is kAvx512 only, in blocks of 16 or 32 pixels.
std::int64_t unpack_rice_eights(std::span<const RiceLane> lanes, const RiceCode& code,
                                std::int64_t blocks);

/// The same of four, on any machine, with blocks of a multiple of four pixels.
std::int64_t unpack_rice_four(std::span<const RiceLane, kRiceFour> lanes, const RiceCode& code,
                              std::int64_t blocks, Simd simd);

}  // namespace recorte::fits
