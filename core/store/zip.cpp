// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/zip.hpp"

#include "core/base/io.hpp"
#include "core/store/gather.hpp"

#include <libdeflate.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace recorte::store {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50,
                        kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint64_t kNone16 = 0xffff, kNone32 = 0xffffffff;
constexpr std::uint64_t kPlainVersion = 20, kZip64Version = 45;
constexpr std::uint64_t kMadeBy = 3U << 8;  // Unix: the attributes below are a mode
constexpr std::uint64_t kUtf8 = 1U << 11, kMode = 0100644;
constexpr std::size_t kBuffer = 1 << 20;

/// Little-endian numbers, one after another.
class Record {
 public:
  Record& put(int bytes, std::uint64_t value) {
    for (; bytes > 0; --bytes, value >>= 8) text_ += static_cast<char>(value & 0xff);
    return *this;
  }
  Record& put(std::string_view text) {
    text_ += text;
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Date and time of MS-DOS: from 1980 to 2107, two seconds a step.
std::uint32_t dos_time(std::int64_t seconds) {
  constexpr std::uint32_t kFirst = 1U << 21 | 1U << 16;
  const auto when = static_cast<std::time_t>(seconds);
  std::tm t{};
  if (!::gmtime_r(&when, &t) || t.tm_year < 80 || t.tm_year > 207) return kFirst;
  const auto bits = [](int value, int shift) { return static_cast<std::uint32_t>(value) << shift; };
  return bits(t.tm_year - 80, 25) | bits(t.tm_mon + 1, 21) | bits(t.tm_mday, 16) |
         bits(t.tm_hour, 11) | bits(t.tm_min, 5) | bits(std::min(t.tm_sec, 59) / 2, 0);
}

Result<std::uint32_t> crc_of(const Content& content) {
  if (content.in_memory())
    return libdeflate_crc32(0, content.memory().data(), content.memory().size());
  // Known before the entry's head is written: what is read here is still at hand for the copy.
  std::string buffer(kBuffer, '\0');
  std::uint32_t crc = 0;
  for (std::int64_t done = 0; done < content.size();) {
    const auto want = std::min<std::int64_t>(content.size() - done, kBuffer);
    const auto n = ::pread(content.descriptor(), buffer.data(), static_cast<std::size_t>(want),
                           content.offset() + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a descriptor"));
    if (n == 0) return fail(ErrorCode::kInternal, "a descriptor ended early");
    crc = libdeflate_crc32(crc, buffer.data(), static_cast<std::size_t>(n));
    done += n;
  }
  return crc;
}

}  // namespace

ZipWriter::ZipWriter(int fd, std::int64_t time) : fd_(fd), time_(dos_time(time)) {}

Status ZipWriter::add(std::span<const Entry> entries) {
  Gather out(fd_);
  for (const auto& [name, content] : entries) {
    if (name.size() > kNone16)
      return fail(ErrorCode::kUsage,
                  "a name of " + std::to_string(name.size()) + " bytes in a zip; at most 65535");
    auto crc = crc_of(content);
    if (!crc) return fail(std::move(crc).error());
    const auto size = static_cast<std::uint64_t>(content.size());
    const auto begin = static_cast<std::uint64_t>(written_);
    const bool large = size >= kNone32, far = begin >= kNone32;
    const auto version = large || far ? kZip64Version : kPlainVersion;
    const auto small = large ? kNone32 : size;

    auto local = Record()
                     .put(4, kLocal)
                     .put(2, large ? kZip64Version : kPlainVersion)
                     .put(2, kUtf8)
                     .put(2, 0)  // stored
                     .put(4, time_)
                     .put(4, *crc)
                     .put(4, small)
                     .put(4, small)
                     .put(2, name.size())
                     .put(2, large ? 20 : 0)
                     .put(name)
                     .take();
    if (large) local += Record().put(2, 1).put(2, 16).put(8, size).put(8, size).take();
    written_ += static_cast<std::int64_t>(local.size()) + content.size();
    RECORTE_TRY(out.keep(std::move(local)));
    RECORTE_TRY(out.add(content));

    Record more;
    if (large) more.put(8, size).put(8, size);
    if (far) more.put(8, begin);
    auto extra = more.take();
    if (!extra.empty()) extra = Record().put(2, 1).put(2, extra.size()).put(extra).take();
    directory_ += Record()
                      .put(4, kCentral)
                      .put(2, kMadeBy | version)
                      .put(2, version)
                      .put(2, kUtf8)
                      .put(2, 0)
                      .put(4, time_)
                      .put(4, *crc)
                      .put(4, small)
                      .put(4, small)
                      .put(2, name.size())
                      .put(2, extra.size())
                      .put(2, 0)  // no comment
                      .put(2, 0)  // the first disk
                      .put(2, 0)
                      .put(4, kMode << 16)
                      .put(4, far ? kNone32 : begin)
                      .put(name)
                      .put(extra)
                      .take();
    ++entries_;
  }
  return out.flush();
}

Status ZipWriter::add(std::string_view name, const Content& content) {
  const Entry entry{std::string(name), content};
  return add(std::span(&entry, 1));
}

Status ZipWriter::finish() {
  const auto begin = static_cast<std::uint64_t>(written_);
  const auto size = static_cast<std::uint64_t>(directory_.size());
  auto end = Record();
  if (entries_ >= kNone16 || begin >= kNone32 || size >= kNone32)
    end.put(4, kEnd64)
        .put(8, 44)  // of this record, without its first 12 bytes
        .put(2, kMadeBy | kZip64Version)
        .put(2, kZip64Version)
        .put(4, 0)
        .put(4, 0)
        .put(8, entries_)
        .put(8, entries_)
        .put(8, size)
        .put(8, begin)
        .put(4, kLocator64)
        .put(4, 0)
        .put(8, begin + size)
        .put(4, 1);  // disks
  end.put(4, kEnd)
      .put(2, 0)
      .put(2, 0)
      .put(2, std::min(entries_, kNone16))
      .put(2, std::min(entries_, kNone16))
      .put(4, std::min(size, kNone32))
      .put(4, std::min(begin, kNone32))
      .put(2, 0);
  Gather out(fd_);
  RECORTE_TRY(out.keep(std::move(directory_)));
  RECORTE_TRY(out.keep(end.take()));
  return out.flush();
}

}  // namespace recorte::store
