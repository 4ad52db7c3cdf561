// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/item_log.hpp"

#include "core/base/bytes.hpp"
#include "core/base/crc32.hpp"
#include "core/base/io.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <span>

namespace recorte::cutout {
namespace {

constexpr std::uint64_t kMagic = 0x314d455449435201;  // "\1RCITEM1"
/// What is said of one item is some kilobytes; more is no such text.
constexpr std::uint32_t kLargestText = 64U << 20;

struct Head {
  std::int64_t bytes = 0;  ///< of the product
  std::uint32_t text = 0;  ///< bytes of what is said of it, behind it
  std::uint32_t crc = 0;   ///< of that
};

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string encode(const Head& head) {
  ByteWriter out;
  out.add(kMagic);
  out.add(head.bytes);
  out.add(head.text);
  out.add(head.crc);
  out.add(std::uint32_t{0});
  auto text = out.take();
  const auto crc = crc32(text);
  text.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return text;
}

std::optional<Head> decode_head(std::string_view text) {
  ByteReader in(text);
  const bool magic = in.get<std::uint64_t>() == kMagic;
  Head head;
  head.bytes = in.get<std::int64_t>();
  head.text = in.get<std::uint32_t>();
  head.crc = in.get<std::uint32_t>();
  in.get<std::uint32_t>();
  const auto crc = in.get<std::uint32_t>();
  if (!magic || !in.done() || crc != crc32(text.substr(0, text.size() - sizeof crc))) return {};
  return head;
}

/// nullopt at the file's end.
Result<std::optional<std::string>> read_at(int fd, std::int64_t offset, std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const auto n =
        ::pread(fd, out.data() + done, size - done, offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a file of products"));
    if (n == 0) return std::optional<std::string>{};
    done += static_cast<std::size_t>(n);
  }
  return std::optional(std::move(out));
}

Error no_room() { return {ErrorCode::kUnavailable, os_error("cannot write").message}; }

/// The item whose head is at `at`; nullopt where none is whole there. `end`: where it ends.
Result<std::optional<Outcome>> read_item(int fd, std::int64_t at, std::int64_t size,
                                         std::int64_t& end) {
  using Item = std::optional<Outcome>;
  if (size - at < kItemHead) return Item{};
  auto text = read_at(fd, at, kItemHead);
  if (!text) return fail(std::move(text).error());
  const auto head = *text ? decode_head(**text) : std::nullopt;
  if (!head) return Item{};
  const auto left = size - at - kItemHead;
  if (head->bytes < 0 || head->bytes > left || head->text > left - head->bytes ||
      head->text > kLargestText)
    return Item{};
  const auto product = at + kItemHead;
  auto said = read_at(fd, product + head->bytes, head->text);
  if (!said) return fail(std::move(said).error());
  if (!*said || crc32(std::string_view(**said)) != head->crc) return Item{};
  auto outcome = decode_outcome(**said);
  if (!outcome) return Item{};
  outcome->offset = product;
  outcome->bytes = head->bytes;
  end = product + head->bytes + head->text;
  return Item(std::move(*outcome));
}

}  // namespace

Status begin_item(int fd) {
  const auto end = ::lseek(fd, 0, SEEK_END);
  // A hole: it takes no place on the disk until the head is written.
  if (end < 0 || ::ftruncate(fd, end + kItemHead) != 0 ||
      ::lseek(fd, end + kItemHead, SEEK_SET) < 0)
    return fail(no_room());
  return {};
}

Status end_item(int fd, std::int64_t at, const Outcome& outcome) {
  const auto bytes = outcome.error ? 0 : outcome.bytes;
  const auto text = encode(outcome);
  const auto behind = at + kItemHead + bytes;
  RECORTE_TRY(pwrite_all(fd, bytes_of(text), behind));
  const auto size = static_cast<std::uint32_t>(text.size());
  RECORTE_TRY(pwrite_all(fd, bytes_of(encode(Head{bytes, size, crc32(text)})), at));
  if (::lseek(fd, behind + size, SEEK_SET) < 0) return fail(no_room());
  return {};
}

Result<std::vector<Outcome>> read_items(int fd, std::int64_t& end, std::int64_t begin) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail(os_error("cannot read a file of products"));
  std::vector<Outcome> out;
  end = begin;
  for (;;) {
    auto item = read_item(fd, end, status.st_size, end);
    if (!item) return fail(std::move(item).error());
    if (!*item) return out;
    out.push_back(std::move(**item));
  }
}

}  // namespace recorte::cutout
