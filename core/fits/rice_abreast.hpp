/// Streams of Rice's code, decoded abreast: as many at once as the machine does best.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"
#include "core/fits/rice_lanes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace recorte::fits {

/// So many: 16 with AVX-512, 4 without.
constexpr std::size_t rice_abreast(Simd simd) {
  return simd >= Simd::kAvx512 ? kRiceEights : kRiceFour;
}

/// Decodes the next `count` pixels of at most rice_abreast() streams, each as unpack_rice() does:
/// one that ends early leaves the others alone. False where one does.
bool unpack_rice_abreast(std::span<const RiceLane> lanes, const RiceCode& code, std::int64_t count,
                         Simd simd = recorte::simd());

}  // namespace recorte::fits
