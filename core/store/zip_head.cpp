// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/zip_head.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace recorte::store::zip {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50,
                        kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint64_t kNone16 = 0xffff, kNone32 = 0xffffffff;
constexpr std::uint64_t kPlainVersion = 20, kZip64Version = 45;
constexpr std::uint64_t kMadeBy = 3U << 8;  // Unix: the attributes below are a mode
constexpr std::uint64_t kUtf8 = 1U << 11, kMode = 0100644;
constexpr std::int64_t kLocalSize = 30, kCentralSize = 46;  // without name and extra field
constexpr std::int64_t kExtraHead = 4;

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

bool is_large(std::int64_t number) { return static_cast<std::uint64_t>(number) >= kNone32; }

}  // namespace

Status check_name(std::string_view name) {
  if (name.size() <= kNone16) return {};
  return fail(ErrorCode::kUsage,
              "a name of " + std::to_string(name.size()) + " bytes in a zip; at most 65535");
}

std::uint32_t dos_time(std::int64_t seconds) {
  constexpr std::uint32_t kFirst = 1U << 21 | 1U << 16;
  const auto when = static_cast<std::time_t>(seconds);
  std::tm t{};
  if (!::gmtime_r(&when, &t) || t.tm_year < 80 || t.tm_year > 207) return kFirst;
  const auto bits = [](int value, int shift) { return static_cast<std::uint32_t>(value) << shift; };
  return bits(t.tm_year - 80, 25) | bits(t.tm_mon + 1, 21) | bits(t.tm_mday, 16) |
         bits(t.tm_hour, 11) | bits(t.tm_min, 5) | bits(std::min(t.tm_sec, 59) / 2, 0);
}

std::string local_head(const EntryFacts& e) {
  const auto size = static_cast<std::uint64_t>(e.size);
  const bool large = is_large(e.size);
  const auto small = large ? kNone32 : size;
  auto local = Record()
                   .put(4, kLocal)
                   .put(2, large ? kZip64Version : kPlainVersion)
                   .put(2, kUtf8)
                   .put(2, 0)  // stored
                   .put(4, e.time)
                   .put(4, e.crc)
                   .put(4, small)
                   .put(4, small)
                   .put(2, e.name.size())
                   .put(2, large ? 20 : 0)
                   .put(e.name)
                   .take();
  if (large) local += Record().put(2, 1).put(2, 16).put(8, size).put(8, size).take();
  return local;
}

std::int64_t local_head_size(const EntryFacts& e) {
  return kLocalSize + std::ssize(e.name) + (is_large(e.size) ? kExtraHead + 16 : 0);
}

std::string central_head(const EntryFacts& e, std::int64_t at) {
  const auto size = static_cast<std::uint64_t>(e.size);
  const auto begin = static_cast<std::uint64_t>(at);
  const bool large = is_large(e.size), far = is_large(at);
  const auto version = large || far ? kZip64Version : kPlainVersion;
  const auto small = large ? kNone32 : size;
  Record more;
  if (large) more.put(8, size).put(8, size);
  if (far) more.put(8, begin);
  auto extra = more.take();
  if (!extra.empty()) extra = Record().put(2, 1).put(2, extra.size()).put(extra).take();
  return Record()
      .put(4, kCentral)
      .put(2, kMadeBy | version)
      .put(2, version)
      .put(2, kUtf8)
      .put(2, 0)
      .put(4, e.time)
      .put(4, e.crc)
      .put(4, small)
      .put(4, small)
      .put(2, e.name.size())
      .put(2, extra.size())
      .put(2, 0)  // no comment
      .put(2, 0)  // the first disk
      .put(2, 0)
      .put(4, kMode << 16)
      .put(4, far ? kNone32 : begin)
      .put(e.name)
      .put(extra)
      .take();
}

std::int64_t central_head_size(const EntryFacts& e, std::int64_t begin) {
  const std::int64_t more = (is_large(e.size) ? 16 : 0) + (is_large(begin) ? 8 : 0);
  return kCentralSize + std::ssize(e.name) + (more > 0 ? kExtraHead + more : 0);
}

std::string end_records(std::uint64_t entries, std::int64_t at, std::int64_t length) {
  const auto begin = static_cast<std::uint64_t>(at), size = static_cast<std::uint64_t>(length);
  auto end = Record();
  if (entries >= kNone16 || begin >= kNone32 || size >= kNone32)
    end.put(4, kEnd64)
        .put(8, 44)  // of this record, without its first 12 bytes
        .put(2, kMadeBy | kZip64Version)
        .put(2, kZip64Version)
        .put(4, 0)
        .put(4, 0)
        .put(8, entries)
        .put(8, entries)
        .put(8, size)
        .put(8, begin)
        .put(4, kLocator64)
        .put(4, 0)
        .put(8, begin + size)
        .put(4, 1);  // disks
  return end.put(4, kEnd)
      .put(2, 0)
      .put(2, 0)
      .put(2, std::min(entries, kNone16))
      .put(2, std::min(entries, kNone16))
      .put(4, std::min(size, kNone32))
      .put(4, std::min(begin, kNone32))
      .put(2, 0)
      .take();
}

}  // namespace recorte::store::zip
