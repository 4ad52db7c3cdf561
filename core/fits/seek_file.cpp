// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/seek_file.hpp"

#include "core/base/io.hpp"
#include "core/fits/seek_points.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

namespace recorte::fits {
namespace {

constexpr std::array<char, 8> kMagic{'R', 'E', 'C', 'S', 'E', 'E', 'K', '\n'};
constexpr std::uint32_t kVersion = 1;  // read as another one where bytes are the other way round

struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion, checksum = 0;  // of the entries
  std::int64_t step = SeekPoints::kStep;
  std::int64_t size = 0, mtime_ns = 0;
  std::uint64_t inode = 0;
  std::int64_t hdu = 0, bitpix = 0, block = 0, byte_pix = 0;
  std::int64_t table_begin = 0, table_width = 0, table_rows = 0, heap = 0, heap_size = 0;
  std::int64_t tiles = 0, entries = 0;
  std::uint64_t head_checksum = 0;  // of all before
};

static_assert(std::has_unique_object_representations_v<Head>);  // it is compared by its bytes

std::uint32_t checksum(const void* bytes, std::size_t size) {
  return libdeflate_crc32(0, bytes, size);
}

Head head_of(const SeekSubject& subject) {
  const auto& table = subject.table;
  Head out;
  out.size = subject.stamp.size;
  out.mtime_ns = subject.stamp.mtime_ns;
  out.inode = subject.stamp.inode;
  out.hdu = subject.hdu;
  out.bitpix = table.bitpix;
  out.block = table.block;
  out.byte_pix = table.byte_pix;
  out.table_begin = table.begin;
  out.table_width = table.width;
  out.table_rows = table.rows;
  out.heap = table.heap;
  out.heap_size = table.heap_size;
  out.tiles = subject.tiles();
  out.entries = subject.entries_a_tile();
  return out;
}

/// With the checksums.
Head sealed(Head head, const void* entries, std::size_t bytes) {
  head.checksum = checksum(entries, bytes);
  head.head_checksum = checksum(&head, offsetof(Head, head_checksum));
  return head;
}

}  // namespace

std::int64_t SeekSubject::tiles() const {
  std::int64_t out = 1;
  for (std::size_t i = 0; i < table.axes.size(); ++i)
    out *= (table.axes[i] - 1) / table.tile[i] + 1;
  return out;
}

std::int64_t SeekSubject::entries_a_tile() const {
  std::int64_t pixels = 1;
  for (const auto n : table.tile) pixels *= n;
  return (pixels - 1) / SeekPoints::kStep;
}

std::string SeekSubject::name() const {
  return std::to_string(stamp.inode) + "-" + std::to_string(stamp.size) + "-" +
         std::to_string(stamp.mtime_ns) + "-" + std::to_string(hdu) + ".seek";
}

std::shared_ptr<const SeekFile> SeekFile::open(const std::filesystem::path& directory,
                                               const SeekSubject& subject) {
  const auto path = directory / subject.name();
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return nullptr;
  const auto expected = head_of(subject);
  const auto bytes = expected.tiles * expected.entries * std::int64_t{sizeof(SeekEntry)};
  if (about.st_size != std::int64_t{sizeof(Head)} + bytes) return nullptr;
  auto mapped = MappedFile::map(fd.get(), about.st_size);
  if (!mapped) return nullptr;
  {
    // It is renamed into its place and never written again. Whoever shrinks it all the same makes
    // zeros of it, which are no places: so it stays mapped, and is not copied by every worker.
    const MappedFile::Glance glance(*mapped);
    Head head;
    std::memcpy(&head, mapped->bytes().data(), sizeof head);
    const auto whole =
        sealed(expected, mapped->bytes().data() + sizeof head, static_cast<std::size_t>(bytes));
    if (std::memcmp(&head, &whole, sizeof head) != 0) return nullptr;
  }
  if (mapped->torn()) return nullptr;
  return std::shared_ptr<const SeekFile>(
      new SeekFile(std::move(mapped), expected.tiles, expected.entries));
}

SeekEntry SeekFile::entry(std::int64_t tile, std::int64_t number) const {
  SeekEntry out;
  if (tile < 0 || tile >= tiles_ || number < 0 || number >= entries_) return out;
  const MappedFile::Glance glance(*file_);
  const auto at = sizeof(Head) + static_cast<std::size_t>(tile * entries_ + number) * sizeof out;
  std::memcpy(&out, file_->bytes().data() + at, sizeof out);
  return out;
}

Status write_seek_file(const std::filesystem::path& directory, const SeekSubject& subject,
                       std::span<const SeekEntry> entries) {
  const auto head = sealed(head_of(subject), entries.data(), entries.size_bytes());
  std::string out(reinterpret_cast<const char*>(&head), sizeof head);
  out.append(reinterpret_cast<const char*>(entries.data()), entries.size_bytes());
  return write_file(directory / subject.name(), out);
}

}  // namespace recorte::fits
