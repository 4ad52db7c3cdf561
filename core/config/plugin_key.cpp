// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/plugin_key.hpp"

#include "core/base/text.hpp"

namespace recorte::config {
namespace {

constexpr std::string_view kAlphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kDigits = 43;  // of 32 bytes, before the "=" that fills them up

}  // namespace

Result<std::string> parse_plugin_key(std::string_view text) {
  const auto whole = trim(text);
  const auto mark = whole.find(':');
  const auto name = whole.substr(0, mark);
  const auto key = mark == whole.npos ? std::string_view() : whole.substr(mark + 1);
  const auto made_of = [](std::string_view word, std::string_view others) {
    return word.find_first_not_of(std::string(kAlphanumeric) + std::string(others)) == word.npos;
  };
  if (name.empty() || !made_of(name, "._-") || key.size() != kDigits + 1 ||
      !made_of(key.substr(0, kDigits), "+/") || key.back() != '=')
    return fail(ErrorCode::kUsage,
                "'" + std::string(text) +
                    "' is no public key; write it as recorte plugin key printed it, NAME:BASE64");
  return std::string(whole);
}

}  // namespace recorte::config
