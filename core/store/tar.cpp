// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/tar.hpp"

#include "core/base/io.hpp"
#include "core/store/gather.hpp"
#include "core/store/tar_head.hpp"

#include <array>
#include <span>

namespace recorte::store {
namespace {

/// What an entry is filled up with, and an archive ends with.
constexpr std::array<std::byte, tar::kEnd> kZeros{};

std::span<const std::byte> padding(std::int64_t size) {
  return std::span(kZeros).first(static_cast<std::size_t>(tar::padding(size)));
}

}  // namespace

Status TarWriter::add(std::span<const Entry> entries) {
  Gather out(fd_);
  for (const auto& entry : entries) {
    const auto size = entry.content.size();
    RECORTE_TRY(out.keep(tar::head(entry.name, size, time_)));
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
