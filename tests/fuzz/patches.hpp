/// Damage to a file of ours that is good: what a fuzzer's bytes say to change in it, ten bytes a
/// change, and where to cut it off. Mutated whole, such a file would hardly ever be opened.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "fuzz.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace recorte::fuzz {

inline std::string patched(std::string bytes, std::string_view changes) {
  for (; changes.size() >= 10; changes.remove_prefix(10)) {
    std::uint16_t at = 0;
    std::memcpy(&at, changes.data(), sizeof at);
    if (at == 0xFFFF) bytes.resize(bytes.size() - bytes.size() / 8);
    const auto room = bytes.size() < 8 ? 0 : bytes.size() - 7;
    if (at < room) std::memcpy(bytes.data() + at, changes.data() + 2, 8);
  }
  return bytes;
}

}  // namespace recorte::fuzz
