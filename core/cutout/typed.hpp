/// The pixels of a host image in the C++ type that its BITPIX says.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sdk/include/recorte/abi.h"

#include <cstddef>
#include <cstdint>

namespace recorte::cutout {

/// Row y of a plane.
template <class T>
T* row_of(const recorte_image& image, std::int64_t y, std::int64_t plane = 0) {
  return reinterpret_cast<T*>(static_cast<std::byte*>(image.pixels) + plane * image.plane_bytes +
                              y * image.row_bytes);
}

/// Calls `use` with a value of the type of an integer BITPIX.
template <class Use>
auto with_integer(int bitpix, Use&& use) {
  switch (bitpix) {
    case 8: return use(std::uint8_t{});
    case 16: return use(std::int16_t{});
    case 32: return use(std::int32_t{});
    default: return use(std::int64_t{});
  }
}

/// … of any BITPIX.
template <class Use>
auto with_type(int bitpix, Use&& use) {
  switch (bitpix) {
    case -32: return use(float{});
    case -64: return use(double{});
    default: return with_integer(bitpix, use);
  }
}

}  // namespace recorte::cutout
