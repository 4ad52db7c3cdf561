// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/crc32.hpp"
#include "core/base/id.hpp"
#include "core/base/time.hpp"
#include "core/batch/digest.hpp"
#include "core/batch/pack.hpp"
#include "core/batch/pack_index.hpp"
#include "core/cutout/item_log.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;

/// The worker of a server that died holds the file until it has gone too.
constexpr std::int64_t kLockMs = 3'000;
constexpr std::chrono::milliseconds kLockStep{10};
/// Random ones of a file's other name, which no two attempts have in common.
constexpr std::size_t kNameBytes = 8;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Error unwritable(const fs::path& directory, const std::string& why) {
  return {ErrorCode::kUnavailable,
          "results cannot be written in " + directory.string() + ": " + why};
}

/// The same, of errno.
Error unwritable(const fs::path& directory) {
  const auto why = os_error("").message;
  return unwritable(directory, why.substr(std::string_view(": ").size()));
}

/// Whether the lock was taken before the time was over.
bool lock(int fd) {
  for (const auto end = monotonic_ms() + kLockMs; ::flock(fd, LOCK_EX | LOCK_NB) != 0;) {
    if (errno != EWOULDBLOCK && errno != EINTR) return true;  // a file system without locks
    if (monotonic_ms() >= end) return false;
    std::this_thread::sleep_for(kLockStep);
  }
  return true;
}

/// Whether that is still the file's name: it may have been sealed while the lock was waited for.
bool is_named(int fd, const fs::path& path) {
  struct stat by_fd {
  }, by_name{};
  return ::fstat(fd, &by_fd) == 0 && ::stat(path.c_str(), &by_name) == 0 &&
         by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino;
}

Result<Fd> open_locked(const fs::path& directory, const fs::path& path) {
  for (;;) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!fd) return fail(unwritable(directory));
    if (!lock(fd.get()))
      return fail(unwritable(
          directory, path.filename().string() + " is written by another process; try again later"));
    if (is_named(fd.get(), path)) return fd;
  }
}

}  // namespace

/// The first `size` bytes of one file to the beginning of another.
Status copy(int from, int to, std::int64_t size) {
  for (loff_t in = 0, out = 0; in < size;) {
    const auto left = static_cast<std::size_t>(size - in);
    const auto got = ::copy_file_range(from, &in, to, &out, left, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) return fail(ErrorCode::kUnavailable, "the file became shorter");
    if (got < 0) return fail(os_error("cannot copy"));
  }
  return {};
}

struct PackWriter::State {
  ~State() {
    if (!besides.empty()) ::unlink(besides.c_str());
    // A worker that was given up has the file, and so its lock, too.
    if (file && !named) ::flock(fd(), LOCK_UN);
  }

  fs::path directory;
  std::int64_t task = 0;
  std::shared_ptr<const Fd> file;
  bool named = false;  ///< it is a pack, though nobody knows whether the disk does
  fs::path besides;    ///< its other name

  int fd() const { return file->get(); }

  /// Cuts off what comes behind, and stands there.
  Status end_at(std::int64_t size) const {
    if (::ftruncate(fd(), size) != 0 || ::lseek(fd(), size, SEEK_SET) < 0)
      return fail(unwritable(directory));
    return {};
  }

  Result<std::vector<cutout::Outcome>> items(std::int64_t& end) const {
    auto found = cutout::read_items(fd(), end, kPartHead);
    if (!found) return fail(unwritable(directory, found.error().message));
    return found;
  }

  Status start_anew(const std::string& head) const {
    RECORTE_TRY(end_at(0));
    if (auto written = write_all(fd(), bytes_of(head)); !written)
      return fail(unwritable(directory, written.error().message));
    return {};
  }

  /// Takes what is whole, up to `end`, into a new file.
  Status move_on(std::int64_t end);
  /// Of the last outcome of each product, in their order.
  Result<std::string> index(const std::vector<cutout::Outcome>& items, std::int64_t begin) const;
  Status publish(std::int64_t end);
};

Status PackWriter::State::move_on(std::int64_t end) {
  const auto name = part_file(directory, task);
  const auto made = name.string() + ".new";
  Fd next(::open(made.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!next || !lock(next.get())) return fail(unwritable(directory));
  auto copied = copy(fd(), next.get(), end);
  if (copied && ::rename(made.c_str(), name.c_str()) != 0)
    copied = fail(os_error("cannot rename " + made));
  if (!copied) {
    ::unlink(made.c_str());
    return fail(unwritable(directory, copied.error().message));
  }
  file = std::make_shared<const Fd>(std::move(next));
  return {};
}

Result<std::string> PackWriter::State::index(const std::vector<cutout::Outcome>& items,
                                             std::int64_t begin) const {
  std::unordered_map<std::uint64_t, std::size_t> last;
  for (std::size_t i = 0; i < items.size(); ++i) last[items[i].row] = i;
  std::string slots, texts;
  std::map<std::vector<account::Need>, std::uint32_t> alike;
  std::uint32_t number = 0;
  Trailer trailer;
  trailer.index = begin;
  trailer.count = static_cast<std::int64_t>(last.size());
  Digest digest;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    if (last[item.row] != i) continue;
    IndexSlot slot;
    slot.slot.product = item.row;
    slot.slot.offset = item.offset;
    slot.slot.bytes = item.bytes;
    slot.slot.status = status_of(item);
    if (++number <= kMostNeeds && !item.needs.empty())
      slot.slot.needs = alike.try_emplace(item.needs, number).first->second;
    if (item.bytes > 0) {
      const auto sums = digest.of(fd(), item.offset, item.bytes);
      if (!sums) return fail(unwritable(directory, sums.error().message));
      slot.slot.crc = sums->crc;
      slot.slot.sha256 = sums->sha256;
    }
    const auto text = encode(item);
    slot.text_offset = begin + trailer.count * kSlot + static_cast<std::int64_t>(texts.size());
    slot.text_size = static_cast<std::uint32_t>(text.size());
    slot.text_crc = crc32(text);
    count(trailer.tally, slot.slot);
    trailer.tally.work_us += std::llround(item.seconds * 1e6);
    slots += encode(slot);
    texts += text;
  }
  trailer.slots_crc = crc32(slots);
  return slots + texts + encode(trailer);
}

Status PackWriter::State::publish(std::int64_t end) {
  if (::fsync(fd()) != 0) {
    const auto error = unwritable(directory);
    // Pages that could not be written look as if they were: what was made is not to be trusted.
    RECORTE_TRY(end_at(kPartHead));
    return fail(error);
  }
  if (::rename(part_file(directory, task).c_str(), pack_file(directory, task).c_str()) != 0) {
    const auto error = unwritable(directory);
    RECORTE_TRY(end_at(end));
    return fail(error);
  }
  named = true;
  return {};
}

PackWriter::PackWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PackWriter::PackWriter(PackWriter&&) noexcept = default;
PackWriter& PackWriter::operator=(PackWriter&&) noexcept = default;
PackWriter::~PackWriter() = default;

Result<PackWriter> PackWriter::open(const fs::path& directory, std::int64_t task) {
  auto fd = open_locked(directory, part_file(directory, task));
  if (!fd) return fail(std::move(fd).error());
  auto state = std::make_unique<State>();
  state->directory = directory;
  state->task = task;
  state->file = std::make_shared<const Fd>(std::move(*fd));
  std::string head(kPartHead, '\0');
  const auto n = ::pread(state->fd(), head.data(), head.size(), 0);
  const auto boot = boot_id();
  const auto expected = part_head(boot);
  std::int64_t end = 0;
  const bool good = n == kPartHead && head == expected && !boot.empty();
  if (good)
    if (const auto items = state->items(end); !items) return fail(items.error());
  if (n != 0) RECORTE_TRY(state->move_on(end));
  if (!good) {
    RECORTE_TRY(state->start_anew(expected));
    end = kPartHead;
  }
  // Whoever adds without looking adds behind what is whole.
  RECORTE_TRY(state->end_at(end));
  return PackWriter(std::move(state));
}

Result<std::vector<cutout::Outcome>> PackWriter::recover() {
  std::int64_t end = 0;
  auto items = state_->items(end);
  if (!items) return items;
  RECORTE_TRY(state_->end_at(end));
  return items;
}

Result<fs::path> PackWriter::name() {
  auto& s = *state_;
  const auto part = part_file(s.directory, s.task);
  auto besides = part;
  besides += "." + random_hex(kNameBytes);
  if (::link(part.c_str(), besides.c_str()) != 0) return fail(unwritable(s.directory));
  return s.besides = besides;
}

int PackWriter::descriptor() const { return state_->fd(); }
const std::shared_ptr<const Fd>& PackWriter::file() const { return state_->file; }

Status PackWriter::add(const cutout::Outcome& outcome) {
  const auto at = ::lseek(descriptor(), 0, SEEK_END);
  if (at < 0) return fail(unwritable(state_->directory));
  auto without = outcome;
  without.offset = at + cutout::kItemHead;
  without.bytes = 0;
  auto written = cutout::begin_item(descriptor());
  if (written) written = cutout::end_item(descriptor(), at, without);
  if (written) return {};
  RECORTE_TRY(state_->end_at(at));
  return fail(unwritable(state_->directory, written.error().message));
}

Status PackWriter::seal(std::span<const std::uint32_t> only) {
  auto& s = *state_;
  if (!s.named) {
    std::int64_t end = 0;
    auto items = s.items(end);
    if (!items) return fail(items.error());
    if (!only.empty()) {
      const std::unordered_set<std::uint64_t> wanted(only.begin(), only.end());
      std::erase_if(*items, [&](const auto& item) { return wanted.count(item.row) == 0; });
    }
    RECORTE_TRY(s.end_at(end));
    const auto index = s.index(*items, end);
    if (!index) return fail(index.error());
    if (auto written = pwrite_all(s.fd(), bytes_of(*index), end); !written) {
      RECORTE_TRY(s.end_at(end));
      return fail(unwritable(s.directory, written.error().message));
    }
    RECORTE_TRY(s.publish(end));
  }
  const Fd directory(::open(s.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return fail(unwritable(s.directory));
  return {};
}

}  // namespace recorte::batch
