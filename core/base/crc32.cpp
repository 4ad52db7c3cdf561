// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/crc32.hpp"

#include <libdeflate.h>

namespace recorte {

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace recorte
