// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/pack_index.hpp"

#include "core/base/bytes.hpp"
#include "core/base/crc32.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace recorte::batch {
namespace {

constexpr std::uint64_t kPartMagic = 0x314b434150435201;   // "\1RCPACK1"
constexpr std::uint64_t kIndexMagic = 0x315844494b435201;  // "\1RCKIDX1"
constexpr std::size_t kBoot = 52;
constexpr unsigned kStatusBits = 8;
constexpr std::uint32_t kStatusMask = (1U << kStatusBits) - 1;

/// Behind it its CRC.
std::string sealed(std::string text) {
  const auto crc = crc32(text);
  text.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return text;
}

bool is_sealed(std::string_view text) {
  constexpr auto kCrc = sizeof(std::uint32_t);
  if (text.size() < kCrc) return false;
  const auto body = text.substr(0, text.size() - kCrc);
  return ByteReader(text.substr(body.size())).get<std::uint32_t>() == crc32(body);
}

std::filesystem::path file_of(const std::filesystem::path& directory, std::int64_t task,
                              const char* ending) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "task-%06lld%s", static_cast<long long>(task), ending);
  return directory / name.data();
}

}  // namespace

std::string boot_id() {
  const auto text = read_file("/proc/sys/kernel/random/boot_id");
  return text ? std::string(trim(*text)) : "";
}

std::string part_head(const std::string& boot) {
  ByteWriter out;
  out.add(kPartMagic);
  auto text = out.take() + boot;
  text.resize(sizeof kPartMagic + kBoot, '\0');
  return sealed(std::move(text));
}

bool is_part_head(std::string_view bytes) {
  return static_cast<std::int64_t>(bytes.size()) == kPartHead && is_sealed(bytes) &&
         ByteReader(bytes).get<std::uint64_t>() == kPartMagic;
}

std::filesystem::path part_file(const std::filesystem::path& directory, std::int64_t task) {
  return file_of(directory, task, ".part");
}

std::filesystem::path pack_file(const std::filesystem::path& directory, std::int64_t task) {
  return file_of(directory, task, ".pack");
}

std::string encode(const IndexSlot& s) {
  ByteWriter out;
  out.add(s.slot.product);
  for (const auto n : {s.slot.offset, s.slot.bytes, s.text_offset}) out.add(n);
  for (const auto n : {s.text_size, s.text_crc, s.slot.crc}) out.add(n);
  out.add(static_cast<std::uint32_t>(s.slot.status) | s.slot.needs << kStatusBits);
  for (const auto byte : s.slot.sha256) out.add(byte);
  return out.take();
}

IndexSlot decode_slot(std::string_view bytes) {
  ByteReader in(bytes);
  IndexSlot s;
  s.slot.product = in.get<std::uint64_t>();
  for (auto* n : {&s.slot.offset, &s.slot.bytes, &s.text_offset}) *n = in.get<std::int64_t>();
  for (auto* n : {&s.text_size, &s.text_crc, &s.slot.crc}) *n = in.get<std::uint32_t>();
  const auto status = in.get<std::uint32_t>();
  s.slot.needs = status >> kStatusBits;
  // A number past the last would not fit() as a status.
  s.slot.status = static_cast<ItemStatus>(
      std::min<std::uint32_t>(status & kStatusMask, kItemStatusNames.size()));
  for (auto& byte : s.slot.sha256) byte = in.get<std::byte>();
  return s;
}

std::string encode(const Trailer& t) {
  ByteWriter out;
  out.add(kIndexMagic);
  for (const auto n : {t.index, t.count, t.tally.ok, t.tally.partial, t.tally.no_coverage,
                       t.tally.failed, t.tally.bytes, t.tally.work_us})
    out.add(n);
  out.add(t.slots_crc);
  return sealed(out.take());
}

Result<Trailer> decode_trailer(std::string_view bytes) {
  ByteReader in(bytes);
  const bool magic = in.get<std::uint64_t>() == kIndexMagic;
  Trailer t;
  for (auto* n : {&t.index, &t.count, &t.tally.ok, &t.tally.partial, &t.tally.no_coverage,
                  &t.tally.failed, &t.tally.bytes, &t.tally.work_us})
    *n = in.get<std::int64_t>();
  t.slots_crc = in.get<std::uint32_t>();
  if (!magic || !is_sealed(bytes) || !in.good()) return fail(ErrorCode::kData, "it has no index");
  return t;
}

bool fits(const IndexSlot& s, const Trailer& t, std::int64_t size) {
  const auto& p = s.slot;
  const auto texts = t.index + t.count * kSlot, end = size - kTrailer;
  return static_cast<std::size_t>(p.status) < kItemStatusNames.size() && p.needs <= t.count &&
         p.offset >= kPartHead && p.bytes >= 0 && p.offset <= t.index &&
         p.bytes <= t.index - p.offset && s.text_offset >= texts && s.text_offset <= end &&
         s.text_size <= end - s.text_offset;
}

void count(job::Tally& tally, const PackSlot& slot) {
  switch (slot.status) {
    case ItemStatus::kOk: ++tally.ok; break;
    case ItemStatus::kPartial: ++tally.partial; break;
    case ItemStatus::kNoCoverage: ++tally.no_coverage; break;
    case ItemStatus::kFailed: ++tally.failed; break;
  }
  tally.bytes += slot.bytes;
}

}  // namespace recorte::batch
