// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/memory_need.hpp"

#include <algorithm>

namespace recorte::service {
namespace {

/// Of each pixel of a product: its value and its weight, and those of the images that it comes from.
constexpr double kBytesPerPixel = 16;
constexpr double kLittle = 64 << 20;

}  // namespace

std::uint64_t memory_need(double pixels, std::uint64_t most) {
  const double need = pixels * kBytesPerPixel;
  if (!(need > kLittle)) return 0;
  return static_cast<std::uint64_t>(std::min(need, static_cast<double>(most)));
}

}  // namespace recorte::service
