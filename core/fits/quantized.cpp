// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/quantized.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kRandoms = 10'000;
/// A float without alignment.
template <class Float>
struct [[gnu::packed, gnu::may_alias]] Loose {
  Float value;
};
constexpr std::int32_t kZero = -2147483646;  // exactly 0, of SUBTRACTIVE_DITHER_2

/// Park and Miller's minimal standard generator, as the standard prescribes it.
const std::array<float, kRandoms>& randoms() {
  static const auto values = [] {
    std::array<float, kRandoms> out{};
    std::int64_t seed = 1;
    for (auto& value : out) {
      seed = 16807 * seed % 2147483647;
      value = static_cast<float>(static_cast<double>(seed) / 2147483647.0);
    }
    return out;
  }();
  return values;
}

/// The random numbers of a tile, one a pixel: runs of the table above.
class Sequence {
 public:
  Sequence(std::int64_t tile, std::int64_t pixel)
      : start_(static_cast<std::size_t>((tile % kRandoms + kRandoms) % kRandoms)) {
    jump();
    while (pixel >= left()) {
      pixel -= left();
      next_run();
    }
    at_ += pixel;
  }
  /// The next numbers, at most `count`, at least one.
  std::span<const float> take(std::int64_t count) {
    if (left() == 0) next_run();
    const auto n = std::min(count, left());
    const std::span out(randoms().data() + at_, static_cast<std::size_t>(n));
    at_ += n;
    return out;
  }

 private:
  std::int64_t left() const { return kRandoms - at_; }
  void jump() { at_ = static_cast<std::int64_t>(randoms()[start_] * 500); }
  void next_run() {
    start_ = (start_ + 1) % kRandoms;
    jump();
  }
  std::size_t start_;
  std::int64_t at_ = 0;
};

/// Whole numbers that are no levels. What is out of an int's range is no number of a tile.
struct Special {
  bool has_null = false, has_zero = false;
  std::int32_t null = 0;
};

[[gnu::always_inline]] inline bool has(const std::int32_t* levels, std::int64_t count,
                                       std::int32_t level) {
  int found = 0;
  for (std::int64_t i = 0; i < count; ++i) found |= levels[i] == level;
  return found != 0;
}

// The arithmetic is CFITSIO's: doubles, in this order, and no multiplication fused with an addition
// (-ffp-contract=off, in CMakeLists.txt). Loops that a compiler makes vectors of.
template <class Float>
[[gnu::always_inline]] inline void values(const std::int32_t* levels, const float* random,
                                          std::int64_t count, double scale, double zero,
                                          const Special& special, std::byte* to) {
  auto* out = reinterpret_cast<Loose<Float>*>(to);
  if (random)
    for (std::int64_t i = 0; i < count; ++i)
      out[i].value =
          static_cast<Float>((levels[i] - static_cast<double>(random[i]) + 0.5) * scale + zero);
  else
    for (std::int64_t i = 0; i < count; ++i)
      out[i].value = static_cast<Float>(levels[i] * scale + zero);
  if (special.has_zero && has(levels, count, kZero))
    for (std::int64_t i = 0; i < count; ++i)
      out[i].value = levels[i] == kZero ? Float{0} : out[i].value;
  if (special.has_null && has(levels, count, special.null))
    for (std::int64_t i = 0; i < count; ++i)
      out[i].value =
          levels[i] == special.null ? std::numeric_limits<Float>::quiet_NaN() : out[i].value;
}

using Values = void (*)(const std::int32_t*, const float*, std::int64_t, double, double,
                        const Special&, std::byte*);

template <class Float>
void values_plain(const std::int32_t* levels, const float* random, std::int64_t count, double scale,
                  double zero, const Special& special, std::byte* to) {
  values<Float>(levels, random, count, scale, zero, special, to);
}

#if defined(__x86_64__)
template <class Float>
[[gnu::target("avx2")]] void values_avx2(const std::int32_t* levels, const float* random,
                                         std::int64_t count, double scale, double zero,
                                         const Special& special, std::byte* to) {
  values<Float>(levels, random, count, scale, zero, special, to);
}
#endif

template <class Float>
Values best([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if (simd >= Simd::kAvx2) return values_avx2<Float>;
#endif
  return values_plain<Float>;
}

}  // namespace

void restore(std::span<const std::int32_t> quantized, std::int64_t first, const Quantization& how,
             int bitpix, std::byte* out, Simd simd) {
  using Limits = std::numeric_limits<std::int32_t>;
  const auto values = bitpix == -32 ? best<float>(simd) : best<double>(simd);
  const auto size = bitpix == -32 ? sizeof(float) : sizeof(double);
  Special special;
  special.has_zero = how.dither == Quantization::Dither::kTwo;
  special.has_null = how.null && *how.null >= Limits::min() && *how.null <= Limits::max();
  if (special.has_null) special.null = static_cast<std::int32_t>(*how.null);
  const auto run = [&](std::size_t i, std::size_t count, const float* random) {
    values(quantized.data() + i, random, static_cast<std::int64_t>(count), how.scale, how.zero,
           special, out + i * size);
  };
  if (how.dither == Quantization::Dither::kNone) return run(0, quantized.size(), nullptr);
  Sequence sequence(how.sequence, first);
  for (std::size_t i = 0; i < quantized.size();) {
    const auto random = sequence.take(std::ssize(quantized) - static_cast<std::int64_t>(i));
    run(i, random.size(), random.data());
    i += random.size();
  }
}

}  // namespace recorte::fits
