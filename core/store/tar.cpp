// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/tar.hpp"

#include "core/base/io.hpp"
#include "core/store/gather.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

namespace recorte::store {
namespace {

constexpr std::int64_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::int64_t kLargestOctal = 077777777777;
/// What an entry is filled up with, and an archive ends with.
constexpr std::array<std::byte, 2 * kBlock> kZeros{};

std::span<const std::byte> padding(std::int64_t size) {
  return std::span(kZeros).first(static_cast<std::size_t>((kBlock - size % kBlock) % kBlock));
}

/// "25 path=…\n": a pax record, whose length counts its own digits.
std::string pax_record(std::string_view key, std::string_view value) {
  const auto body = " " + std::string(key) + "=" + std::string(value) + "\n";
  auto length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length)
    length = std::to_string(length).size() + body.size();
  return std::to_string(length) + body;
}

}  // namespace

std::string TarWriter::header(std::string_view name, std::int64_t size, char type) const {
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
  octal(136, 11, time_);
  put(148, "        ");
  block[156] = type;
  put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  octal(148, 6, sum);
  block[154] = '\0';
  return block;
}

/// All that goes before the bytes of an entry.
std::string TarWriter::head(std::string_view name, std::int64_t size) const {
  std::string extended;
  if (name.size() > kNameSize) extended += pax_record("path", name);
  if (size > kLargestOctal) extended += pax_record("size", std::to_string(size));
  if (extended.empty()) return header(name, size, '0');
  const auto length = static_cast<std::int64_t>(extended.size());
  extended.append(padding(length).size(), '\0');
  return header("pax", length, 'x') + extended + header(name, size, '0');
}

Status TarWriter::add(std::span<const Entry> entries) {
  Gather out(fd_);
  for (const auto& entry : entries) {
    const auto size = entry.content.size();
    RECORTE_TRY(out.keep(head(entry.name, size)));
    RECORTE_TRY(out.add(entry.content));
    RECORTE_TRY(out.add(padding(size)));
  }
  return out.flush();
}

Status TarWriter::add(std::string_view name, const Content& content) {
  const Entry entry{std::string(name), content};
  return add(std::span(&entry, 1));
}

Status TarWriter::finish() { return write_all(fd_, kZeros); }

}  // namespace recorte::store
