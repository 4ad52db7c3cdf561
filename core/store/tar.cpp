// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/tar.hpp"

#include "core/base/io.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <span>

namespace recorte::store {
namespace {

constexpr std::int64_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::int64_t kLargestOctal = 077777777777;

Status write_text(int fd, std::string_view text) {
  return write_all(fd, std::as_bytes(std::span(text.data(), text.size())));
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

Status TarWriter::header(std::string_view name, std::int64_t size, char type) {
  std::array<char, kBlock> block{};
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
  return write_text(fd_, {block.data(), block.size()});
}

Status TarWriter::begin(std::string_view name, std::int64_t size) {
  std::string extended;
  if (name.size() > kNameSize) extended += pax_record("path", name);
  if (size > kLargestOctal) extended += pax_record("size", std::to_string(size));
  if (!extended.empty()) {
    const auto length = static_cast<std::int64_t>(extended.size());
    RECORTE_TRY(header("pax", length, 'x'));
    RECORTE_TRY(write_text(fd_, extended));
    RECORTE_TRY(pad(length));
  }
  return header(name, size, '0');
}

Status TarWriter::pad(std::int64_t size) {
  const std::array<char, kBlock> zeros{};
  return write_text(fd_,
                    {zeros.data(), static_cast<std::size_t>((kBlock - size % kBlock) % kBlock)});
}

Status TarWriter::add(std::string_view name, std::string_view bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  RECORTE_TRY(begin(name, size));
  RECORTE_TRY(write_text(fd_, bytes));
  return pad(size);
}

Status TarWriter::add(std::string_view name, int source, std::int64_t offset, std::int64_t size) {
  RECORTE_TRY(begin(name, size));
  RECORTE_TRY(copy_range(source, offset, size, fd_));
  return pad(size);
}

Status TarWriter::finish() {
  const std::array<char, 2 * kBlock> zeros{};
  return write_text(fd_, {zeros.data(), zeros.size()});
}

}  // namespace recorte::store
