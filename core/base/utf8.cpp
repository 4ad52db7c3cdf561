// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/utf8.hpp"

#include <optional>

namespace recorte {
namespace {

struct Character {
  char32_t code;
  std::size_t length;
};

// The character that `text`, which is not empty, begins with.
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t length = lead >> 5 == 0x06   ? 2
                             : lead >> 4 == 0x0e ? 3
                             : lead >> 3 == 0x1e ? 4
                                                 : 0;
  if (length == 0 || length > text.size()) return {};
  char32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 2) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const char32_t smallest = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < smallest || code > 0x10ffff || surrogate) return {};
  return Character{code, length};
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const auto character = first_character(text).value_or(Character{U'\ufffd', 1});
    out += character.code;
    text.remove_prefix(character.length);
  }
  return out;
}

std::string good_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto character = first_character(text).value_or(Character{0, 1});
    out += character.code != 0 ? text.substr(0, character.length) : "?";
    text.remove_prefix(character.length);
  }
  return out;
}

}  // namespace recorte
