// SPDX-License-Identifier: BSD-3-Clause
#include "mapping.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

// Loops without branches or calls, compiled for several kinds of vectors. No multiplication is
// fused with an addition (CMakeLists.txt), so that all give the same bytes.
namespace lupton {
namespace {

constexpr double kWhite = 255;
/// The intensity, as a fraction of the stretch, at which Q does not change the brightness.
constexpr double kPivot = 0.1;
constexpr std::size_t kBlock = 256;  // pixels, in the nearest cache
constexpr double kLargest = 1e39;    // more than a float; so infinity is bright, and no NaN

using Block = std::array<double, kBlock>;

/// log x to 1e-10, x from 1 to 1e300. x = m 2^e, m about 1, and log m = 2 artanh((m - 1) / (m +
/// 1)).
[[gnu::always_inline]] inline double logarithm(double x) {
  constexpr auto kRootHalf = std::bit_cast<std::uint64_t>(std::numbers::sqrt2 / 2);
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = (bits - kRootHalf) >> 52;
  const auto m = std::bit_cast<double>(bits - (exponent << 52));
  // The exponent put into the mantissa of 2^52: vectors have no other conversion.
  constexpr double kTwo52 = 0x1p52;
  const auto e = std::bit_cast<double>(exponent | std::bit_cast<std::uint64_t>(kTwo52)) - kTwo52;
  const double s = (m - 1) / (m + 1);
  const double q = s * s;
  const double sum = ((((q * (1. / 11) + 1. / 9) * q + 1. / 7) * q + 1. / 5) * q + 1. / 3) * q + 1;
  return e * std::numbers::ln2 + 2 * s * sum;
}

/// x >= 0, to 1e-10 where x is above 1e-6, else to 1e-16; what is above 1e150 counts as that.
[[gnu::always_inline]] inline double arcsinh(double x) {
  x = std::min(x, 1e150);
  return logarithm(x + std::sqrt(1 + x * x));
}

struct Shape {
  std::array<double, 3> minimum;
  double soften, slope;
};

[[gnu::always_inline]] inline void block(const Shape& shape, const std::array<const float*, 3>& in,
                                         const std::array<std::uint8_t*, 3>& out, std::size_t n) {
  std::array<Block, 3> flux;
  Block factor;
  for (std::size_t c = 0; c < 3; ++c) {
    const float* const values = in[c];
    const double minimum = shape.minimum[c];
    auto& of_channel = flux[c];
    for (std::size_t i = 0; i < n; ++i) {
      const double value = static_cast<double>(values[i]) - minimum;
      const double finite = std::max(std::min(value, kLargest), -kLargest);
      of_channel[i] = value == value ? finite : 0;
    }
  }
  // What the fluxes are multiplied by. The brightest of what is past white is to be
  // 255, not 254.99…, which would be 254.
  constexpr double kNearly = 1 + 1e-12;
  for (std::size_t i = 0; i < n; ++i) {
    const double mean = (flux[0][i] + flux[1][i] + flux[2][i]) * (1. / 3);
    const double brightest = std::max(std::max(flux[0][i], flux[1][i]), flux[2][i]);
    const double some = mean > 0 ? mean : 1;
    const double shown = shape.slope * arcsinh(some * shape.soften);
    const bool fits = shown * brightest <= kWhite * some;
    const double both = (fits ? shown : kWhite * kNearly) / (fits ? some : brightest);
    factor[i] = mean > 0 ? both : 0;
  }
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < n; ++i)
      out[c][i] = static_cast<std::uint8_t>(
          static_cast<std::int32_t>(std::max(flux[c][i], 0.0) * factor[i]));
}

[[gnu::always_inline]] inline void blocks(const Shape& shape, const std::array<const float*, 3>& in,
                                          const std::array<std::uint8_t*, 3>& out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kBlock)
    block(shape, {in[0] + i, in[1] + i, in[2] + i}, {out[0] + i, out[1] + i, out[2] + i},
          std::min(kBlock, n - i));
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void blocks_avx2(const Shape& shape, const std::array<const float*, 3>& in,
                                         const std::array<std::uint8_t*, 3>& out, std::size_t n) {
  blocks(shape, in, out, n);
}
// Half as many instructions, and choices made by masks: a fifth faster still. Clang 14 knows no
// width.
#if defined(__clang__)
#define RECORTE_AVX512 "avx512f,avx512bw,avx512dq,avx512vl"
#else
#define RECORTE_AVX512 "avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"
#endif
[[gnu::target(RECORTE_AVX512)]] void blocks_avx512(const Shape& shape,
                                                   const std::array<const float*, 3>& in,
                                                   const std::array<std::uint8_t*, 3>& out,
                                                   std::size_t n) {
  blocks(shape, in, out, n);
}
#endif

}  // namespace

Vectors best_vectors() {
#if defined(__x86_64__)
  static const bool avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512) return Vectors::kAvx512;
  if (__builtin_cpu_supports("avx2")) return Vectors::kAvx2;
#endif
  return Vectors::kNone;
}

Mapping::Mapping(std::array<double, 3> minimum, double stretch, double q) : minimum_(minimum) {
  q = std::max(q, 1e-6);  // softer is linear, too
  soften_ = q / stretch;
  slope_ = kPivot * kWhite / std::asinh(kPivot * q);
}

void Mapping::row(const std::array<const float*, 3>& in, const std::array<std::uint8_t*, 3>& out,
                  std::size_t n, [[maybe_unused]] Vectors vectors) const {
  const Shape shape{minimum_, soften_, slope_};
#if defined(__x86_64__)
  if (vectors == Vectors::kAvx512) return blocks_avx512(shape, in, out, n);
  if (vectors == Vectors::kAvx2) return blocks_avx2(shape, in, out, n);
#endif
  blocks(shape, in, out, n);
}

}  // namespace lupton
