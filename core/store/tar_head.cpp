// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/tar_head.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace recorte::store::tar {
namespace {

constexpr std::int64_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::int64_t kLargestOctal = 077777777777;

/// "25 path=…\n": a pax record, whose length counts its own digits.
std::string pax_record(std::string_view key, std::string_view value) {
  const auto body = " " + std::string(key) + "=" + std::string(value) + "\n";
  auto length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length)
    length = std::to_string(length).size() + body.size();
  return std::to_string(length) + body;
}

std::string header(std::string_view name, std::int64_t size, std::int64_t time, char type) {
  std::string block(kBlock, '\0');
  auto put = [&](std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), &block[at]);
  };
  auto octal = [&](std::size_t at, int digits, std::int64_t value) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*llo", digits,
                  static_cast<unsigned long long>(value));
    put(at, text.data());
  };
  put(0, name.substr(0, kNameSize));
  octal(100, 7, 0644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, std::min(size, kLargestOctal));
  octal(136, 11, time);
  put(148, "        ");
  block[156] = type;
  put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  octal(148, 6, sum);
  block[154] = '\0';
  return block;
}

/// What the plain header has no room for; "" for nothing.
std::string extension(std::string_view name, std::int64_t size) {
  std::string out;
  if (name.size() > kNameSize) out += pax_record("path", name);
  if (size > kLargestOctal) out += pax_record("size", std::to_string(size));
  return out;
}

}  // namespace

std::string head(std::string_view name, std::int64_t size, std::int64_t time) {
  auto extended = extension(name, size);
  if (extended.empty()) return header(name, size, time, '0');
  const auto length = std::ssize(extended);
  extended.append(static_cast<std::size_t>(padding(length)), '\0');
  return header("pax", length, time, 'x') + extended + header(name, size, time, '0');
}

std::int64_t head_size(std::string_view name, std::int64_t size) {
  const auto length = std::ssize(extension(name, size));
  return length == 0 ? kBlock : kBlock + length + padding(length) + kBlock;
}

std::int64_t padding(std::int64_t size) { return (kBlock - size % kBlock) % kBlock; }

}  // namespace recorte::store::tar
