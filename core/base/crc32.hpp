/// The CRC-32 of zip, PNG and Ethernet.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace recorte {

/// Goes on from `before`, the CRC of what came before.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);
inline std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0) {
  return crc32(std::as_bytes(std::span(bytes.data(), bytes.size())), before);
}

}  // namespace recorte
