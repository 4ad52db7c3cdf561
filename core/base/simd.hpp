/// Which vector instructions to use: the machine's best, unless RECORTE_SIMD names less (scalar,
/// avx2, avx512). Scalar code is the reference: whatever is faster gives the same bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte {

enum class Simd {
  kScalar,
  kAvx2,    ///< AVX2, FMA, BMI1, BMI2, LZCNT
  kAvx512,  ///< … and AVX-512 F, BW, CD, DQ, VL
};

/// Found out once a process, then a load. An unknown RECORTE_SIMD counts as scalar.
Simd simd();

}  // namespace recorte
