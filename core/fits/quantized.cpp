// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/quantized.hpp"

#include <array>
#include <cstring>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kRandoms = 10'000;
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

/// The random numbers of a tile, one a pixel.
class Sequence {
 public:
  explicit Sequence(std::int64_t tile)
      : start_(static_cast<std::size_t>((tile % kRandoms + kRandoms) % kRandoms)) {
    jump();
  }
  double next() {
    const double value = randoms()[at_];
    if (++at_ == kRandoms) {
      start_ = (start_ + 1) % kRandoms;
      jump();
    }
    return value;
  }

 private:
  void jump() { at_ = static_cast<std::size_t>(randoms()[start_] * 500); }
  std::size_t start_, at_ = 0;
};

template <class Float>
void restore_as(std::span<const std::int32_t> quantized, const Quantization& how, std::byte* out) {
  const bool dithered = how.dither != Quantization::Dither::kNone;
  Sequence random(how.sequence);
  for (const auto level : quantized) {
    const double exact = dithered ? level - random.next() + 0.5 : level;
    auto value = static_cast<Float>(exact * how.scale + how.zero);
    if (how.null && level == *how.null)
      value = std::numeric_limits<Float>::quiet_NaN();
    else if (how.dither == Quantization::Dither::kTwo && level == kZero)
      value = 0;
    std::memcpy(out, &value, sizeof value);
    out += sizeof value;
  }
}

}  // namespace

void restore(std::span<const std::int32_t> quantized, const Quantization& how, int bitpix,
             std::byte* out) {
  if (bitpix == -32)
    restore_as<float>(quantized, how, out);
  else
    restore_as<double>(quantized, how, out);
}

}  // namespace recorte::fits
