// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice_abreast.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace recorte::fits {
namespace {

constexpr std::size_t kFewest = 3;         // fewer are faster one by one
constexpr std::int64_t kMostAtOnce = 512;  // pixels; where lanes without a stream put theirs

std::int64_t unpack_some([[maybe_unused]] std::span<const RiceLane> lanes, const RiceCode& code,
                         std::int64_t blocks, Simd simd) {
#if defined(__x86_64__)
  if (simd >= Simd::kAvx512) return unpack_rice_eights(lanes, code, blocks);
#endif
  return unpack_rice_four(lanes.first<kRiceFour>(), code, blocks, simd);
}

bool unpack_each(std::span<const RiceLane> lanes, const RiceCode& code, std::int64_t done,
                 std::int64_t count, Simd simd) {
  bool good = true;
  for (const auto& lane : lanes)
    good &= unpack_rice(*lane.stream, code, lane.out + done, count, simd);
  return good;
}

}  // namespace

bool unpack_rice_abreast(std::span<const RiceLane> lanes, const RiceCode& code, std::int64_t count,
                         Simd simd) {
  assert(lanes.size() <= rice_abreast(simd));
  std::int64_t done = 0;
  if (lanes.size() < kFewest) return unpack_each(lanes, code, done, count, simd);
  // Lanes that have no stream do what the first does, into nothing.
  const std::size_t unit = simd >= Simd::kAvx512 ? 8 : kRiceFour;
  const auto abreast = (lanes.size() + unit - 1) / unit * unit;
  RiceStream idle;
  std::array<std::int32_t, kMostAtOnce> nothing;
  std::array<RiceLane, kRiceEights> all;
  const auto most = lanes.size() < abreast ? kMostAtOnce : count;
  while (count - done >= code.block) {
    idle = *lanes.front().stream;
    for (std::size_t i = 0; i < abreast; ++i)
      all[i] = i < lanes.size() ? RiceLane{lanes[i].stream, lanes[i].out + done}
                                : RiceLane{&idle, nothing.data()};
    const auto blocks = std::min(count - done, most) / code.block;
    const auto some = unpack_some(std::span(all).first(abreast), code, blocks, simd);
    done += some * code.block;
    if (some == blocks) continue;
    // One that has ended early stops the others at once: they go on alone.
    if (std::ranges::any_of(lanes, [](const auto& lane) { return lane.stream->ends_early(); }))
      break;
    unpack_each(lanes, code, done, code.block, simd);
    done += code.block;
  }
  return unpack_each(lanes, code, done, count - done, simd);
}

}  // namespace recorte::fits
