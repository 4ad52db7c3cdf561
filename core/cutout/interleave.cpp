// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/interleave.hpp"

#include "core/cutout/typed.hpp"

#include <array>
#include <cstddef>

namespace recorte::cutout {
namespace {

// The compiler makes vectors of the loop (CMakeLists.txt).
template <std::size_t kChannels>
void interleave_all(const recorte_image& image, std::int64_t y, std::uint8_t* out) {
  std::array<const std::uint8_t*, kChannels> in;
  for (std::size_t p = 0; p < kChannels; ++p)
    in[p] = row_of<std::uint8_t>(image, y, static_cast<std::int64_t>(p));
  const auto width = static_cast<std::size_t>(image.width);
  for (std::size_t x = 0; x < width; ++x)
    for (std::size_t p = 0; p < kChannels; ++p) out[kChannels * x + p] = in[p][x];
}

}  // namespace

void interleave(const recorte_image& image, std::int64_t y, int channels, std::uint8_t* out) {
  switch (channels) {
    case 1: return interleave_all<1>(image, y, out);
    case 2: return interleave_all<2>(image, y, out);
    case 3: return interleave_all<3>(image, y, out);
    default: return interleave_all<4>(image, y, out);
  }
}

}  // namespace recorte::cutout
