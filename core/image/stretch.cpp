// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/stretch.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

namespace recorte::image {
namespace {

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

/// x >= 0; what is above 1e150 counts as that.
[[gnu::always_inline]] inline double arcsinh(double x) {
  x = std::min(x, 1e150);
  return logarithm(x + std::sqrt(1 + x * x));
}

struct Scale {
  Curve curve;
  double black, scale, softness, norm;
};

template <class Function>
[[gnu::always_inline]] inline void apply(const Scale& by, std::span<const float> in,
                                         std::uint8_t* out, Function&& f) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double t = (static_cast<double>(in[i]) - by.black) * by.scale;
    const double shown = std::min(t > 0 ? t : 0.0, 1.0);
    out[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(255 * f(shown) + 0.5));
  }
}

// Without branches or calls in the loops, and no multiplication fused with an addition
// (CMakeLists.txt): vectors of every width give the same bytes.
[[gnu::always_inline]] inline void apply(const Scale& by, std::span<const float> in,
                                         std::uint8_t* out) {
  const double softness = by.softness;
  const double norm = by.norm;
  switch (by.curve) {
    case Curve::kLinear:
      return apply(
          by, in, out, [](double t) __attribute__((always_inline)) { return t; });
    case Curve::kSqrt:
      return apply(
          by, in, out, [](double t) __attribute__((always_inline)) { return std::sqrt(t); });
    case Curve::kLog:
      return apply(
          by, in, out, [ softness, norm ](double t) __attribute__((always_inline)) {
            return logarithm(1 + softness * t) * norm;
          });
    case Curve::kAsinh:
      return apply(
          by, in, out, [ softness, norm ](double t) __attribute__((always_inline)) {
            return arcsinh(softness * t) * norm;
          });
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void apply_avx2(const Scale& by, std::span<const float> in,
                                        std::uint8_t* out) {
  apply(by, in, out);
}
#endif

/// Floats in the order of their values, as whole numbers.
std::uint32_t key_of(float v) {
  const auto bits = std::bit_cast<std::uint32_t>(v);
  return bits ^ (0x80000000U | (0U - (bits >> 31)));  // no branch, which noise would mislead
}
float of_key(std::uint32_t key) {
  return std::bit_cast<float>(key ^ (key >> 31 ? 0x80000000U : 0xffffffffU));
}

constexpr std::size_t kHalves = 1 << 16;                            // of a key
constexpr std::uint32_t kFirstFinite = 0x80, kPastFinite = 0xff80;  // upper halves

/// Where the rank lies among counts, from `place` on; the rank becomes that within it.
template <class Counts>
std::uint32_t place_of(const Counts& counts, std::uint32_t place, std::uint64_t& rank) {
  while (rank >= counts(place)) rank -= counts(place++);
  return place;
}

}  // namespace

void stretch(Curve curve, double black, double white, double softness, std::span<const float> in,
             std::span<std::uint8_t> out) {
  stretch(curve, black, white, softness, in, out, simd());
}

void stretch(Curve curve, double black, double white, double softness, std::span<const float> in,
             std::span<std::uint8_t> out, Simd level) {
  // What both tend to as the softness vanishes; also the answer to a softness that is none.
  constexpr double kLeast = 1e-8;
  const bool curved = curve == Curve::kLog || curve == Curve::kAsinh;
  if (curved && !(softness > kLeast && std::isfinite(softness))) curve = Curve::kLinear;
  const double norm = 1 / (curve == Curve::kLog ? std::log1p(softness) : std::asinh(softness));
  const Scale by{curve, black, 1 / (white - black), softness, norm};
#if defined(__x86_64__)
  if (level >= Simd::kAvx2) return apply_avx2(by, in, out.data());
#endif
  apply(by, in, out.data());
}

// By counting the upper halves of keys, then the lower halves of those with the right upper one:
// two looks at each sample, and none is moved.
std::optional<std::pair<double, double>> percentiles(std::span<const float> samples, double low,
                                                     double high) {
  // Four of each, since neighbours are often equal and would wait for one another.
  std::vector<std::array<std::uint32_t, 4>> four(kHalves);
  for (std::size_t i = 0; i < samples.size(); ++i) ++four[key_of(samples[i]) >> 16][i % 4];
  const auto upper = [&](std::uint32_t half) {
    const auto& c = four[half];
    return std::uint64_t{c[0]} + c[1] + c[2] + c[3];
  };
  std::uint64_t finite = 0;
  for (auto half = kFirstFinite; half < kPastFinite; ++half) finite += upper(half);
  if (finite == 0) return {};
  struct Wanted {
    std::uint64_t rank;
    std::uint32_t half;
    std::vector<std::uint32_t> lower;
    double value() {
      const auto counts = [&](std::uint32_t i) { return std::uint64_t{lower[i]}; };
      return static_cast<double>(of_key(half << 16 | place_of(counts, 0, rank)));
    }
  };
  const auto wanted = [&](double percent) {
    const double fraction = percent > 0 ? std::min(percent, 100.0) / 100 : 0;  // of NaN too
    Wanted out{static_cast<std::uint64_t>(std::llround(fraction * static_cast<double>(finite - 1))),
               0, std::vector<std::uint32_t>(kHalves, 0)};
    out.half = place_of(upper, kFirstFinite, out.rank);
    return out;
  };
  auto a = wanted(low);
  auto b = wanted(high);
  for (const float v : samples) {
    const auto key = key_of(v);
    if (key >> 16 == a.half) ++a.lower[key & 0xffff];
    if (key >> 16 == b.half) ++b.lower[key & 0xffff];
  }
  return std::pair(a.value(), b.value());
}

}  // namespace recorte::image
