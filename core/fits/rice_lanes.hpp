/// Eight streams of Rice's code at once, one in each lane of AVX-512.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"

#include <array>
#include <cstdint>

namespace recorte::fits {

inline constexpr std::size_t kRiceLanes = 8;

/// A stream and where its next pixels go. Lanes may share a stream: then each decodes the same.
struct RiceLane {
  RiceStream* stream = nullptr;
  std::int32_t* out = nullptr;
};

/// Decodes whole blocks, at most `blocks` of each lane, into `out` and on; returns how many. Stops
/// before a block that only unpack_rice() can decode, and after one where a stream ends early, of
/// any lane. To be called where simd() is kAvx512 only, with blocks of 16 or 32 pixels.
std::int64_t unpack_rice_lanes(const std::array<RiceLane, kRiceLanes>& lanes, const RiceCode& code,
                               std::int64_t blocks);

}  // namespace recorte::fits
