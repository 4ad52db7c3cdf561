// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/simd.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace recorte {
namespace {

#if defined(__x86_64__)
/// Clang 14 has no word for it in __builtin_cpu_supports.
bool has_lzcnt() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000001U, &a, &b, &c, &d) && (c & bit_LZCNT);
}
#endif

Simd of_the_machine() {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && has_lzcnt();
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? Simd::kAvx512 : avx2 ? Simd::kAvx2 : Simd::kScalar;
#else
  return Simd::kScalar;
#endif
}

Simd allowed() {
  const char* text = std::getenv("RECORTE_SIMD");
  if (!text || !*text) return Simd::kAvx512;
  const std::string_view name(text);
  return name == "avx512" ? Simd::kAvx512 : name == "avx2" ? Simd::kAvx2 : Simd::kScalar;
}

}  // namespace

Simd simd() {
  static const Simd chosen = std::min(of_the_machine(), allowed());
  return chosen;
}

}  // namespace recorte
