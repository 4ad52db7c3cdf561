// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/pack.hpp"

#include "core/base/crc32.hpp"
#include "core/batch/open_files.hpp"
#include "core/batch/pack_index.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <map>
#include <string>
#include <utility>

namespace recorte::batch {
namespace {

/// What rounding takes from a region that is covered.
constexpr double kWhole = 1 - 1e-6;

Error broken(const std::filesystem::path& file, const std::string& why) {
  return {ErrorCode::kData, file.string() + " is broken: " + why +
                                "; take it away, and run the job again for what it held"};
}

Result<std::string> read_at(int fd, const std::filesystem::path& file, std::int64_t offset,
                            std::int64_t size) {
  std::string out(static_cast<std::size_t>(size), '\0');
  for (std::size_t done = 0; done < out.size();) {
    const auto n =
        ::pread(fd, out.data() + done, out.size() - done, offset + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read " + file.string()));
    if (n == 0) return fail(broken(file, "it ends early"));
    done += static_cast<std::size_t>(n);
  }
  return out;
}

/// Opened without waiting for anybody, if somebody laid a pipe there.
Result<std::shared_ptr<const Fd>> open_file(const std::filesystem::path& file) {
  Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return fail(os_error("cannot read " + file.string()));
  return std::make_shared<const Fd>(std::move(fd));
}

/// Packs share it, and keep it, so that the last one may go after main().
const std::shared_ptr<OpenFiles>& open_packs() {
  static const auto files = std::make_shared<OpenFiles>(Pack::kOpenPacks);
  return files;
}

}  // namespace

ItemStatus status_of(const cutout::Outcome& outcome) {
  if (!outcome.error) return outcome.coverage < kWhole ? ItemStatus::kPartial : ItemStatus::kOk;
  return outcome.error->code == ErrorCode::kNoCoverage ? ItemStatus::kNoCoverage
                                                       : ItemStatus::kFailed;
}

struct Pack::State {
  ~State() { open->remove(this); }

  const std::shared_ptr<OpenFiles> open = open_packs();
  std::filesystem::path path;
  std::int64_t size = 0;
  std::string slots, end;  ///< its bytes
  Trailer trailer;
  std::map<std::uint32_t, std::vector<account::Need>> needs;  ///< by the item that tells
  mutable std::atomic<bool> stale{false};

  IndexSlot slot(std::size_t item) const {
    const auto size = static_cast<std::size_t>(kSlot);
    return decode_slot(std::string_view(slots).substr(item * size, size));
  }

  /// Everything that later reads rely on.
  Status read(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return fail(os_error("cannot read " + path.string()));
    size = status.st_size;
    if (!S_ISREG(status.st_mode) || size < kPartHead + kTrailer)
      return fail(broken(path, "it is too short"));
    const auto head = read_at(fd, path, 0, kPartHead);
    if (!head) return fail(head.error());
    auto last = read_at(fd, path, size - kTrailer, kTrailer);
    if (!last) return fail(std::move(last).error());
    end = std::move(*last);
    auto found = decode_trailer(end);
    if (!is_part_head(*head) || !found) return fail(broken(path, "it has no head, or no index"));
    trailer = *found;
    const auto room = size - kTrailer;
    if (trailer.index < kPartHead || trailer.index > room || trailer.count < 0 ||
        trailer.count > (room - trailer.index) / kSlot)
      return fail(broken(path, "its index lies outside"));
    auto bytes = read_at(fd, path, trailer.index, trailer.count * kSlot);
    if (!bytes) return fail(std::move(bytes).error());
    slots = std::move(*bytes);
    if (crc32(slots) != trailer.slots_crc) return fail(broken(path, "its index is damaged"));
    job::Tally sum;
    for (std::int64_t i = 0; i < trailer.count; ++i) {
      const auto one = slot(static_cast<std::size_t>(i));
      if (!fits(one, trailer, size)) return fail(broken(path, "its index makes no sense"));
      count(sum, one.slot);
    }
    sum.work_us = trailer.tally.work_us;
    if (sum != trailer.tally) return fail(broken(path, "its sums are not those of its products"));
    return read_needs(fd);
  }

  /// Whether it is the file whose index is here: the trailer has the index's sum.
  bool is_same(int fd) const {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size != size)
      return false;
    const auto last = read_at(fd, path, size - kTrailer, kTrailer);
    return last && *last == end;
  }

  Result<std::shared_ptr<const Fd>> file() const {
    if (auto kept = open->find(this)) return kept;
    auto opened = open_file(path);
    if (!opened) {
      if (opened.error().code == ErrorCode::kNotFound) stale = true;
      return opened;
    }
    if (!is_same((*opened)->get())) {
      stale = true;
      return fail(ErrorCode::kUnavailable, path.string() + " was replaced; ask again");
    }
    open->add(this, *opened);
    return opened;
  }

  Result<cutout::Outcome> outcome(std::size_t item) const {
    const auto from = file();
    if (!from) return fail(from.error());
    return outcome((*from)->get(), item);
  }
  Result<cutout::Outcome> outcome(int fd, std::size_t item) const;
  Status read_needs(int fd);
};

Status Pack::State::read_needs(int fd) {
  for (std::int64_t i = 0; i < trailer.count; ++i) {
    const auto teller = slot(static_cast<std::size_t>(i)).slot.needs;
    if (teller == 0 || needs.contains(teller)) continue;
    auto told = outcome(fd, teller - 1);
    if (!told) return fail(std::move(told).error());
    if (told->needs.empty()) return fail(broken(path, "it does not say whose its products are"));
    needs[teller] = std::move(told->needs);
  }
  return {};
}

Result<cutout::Outcome> Pack::State::outcome(int fd, std::size_t item) const {
  const auto found = slot(item);
  const auto text = read_at(fd, path, found.text_offset, found.text_size);
  if (!text) return fail(text.error());
  auto outcome = crc32(*text) == found.text_crc
                     ? cutout::decode_outcome(*text)
                     : fail(ErrorCode::kData, "what is said of a product is damaged");
  if (!outcome) return fail(broken(path, outcome.error().message));
  outcome->offset = found.slot.offset;
  outcome->bytes = found.slot.bytes;
  return outcome;
}

Pack::Pack(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pack::~Pack() = default;

Result<std::shared_ptr<const Pack>> Pack::open(const std::filesystem::path& directory,
                                               std::int64_t task) {
  auto state = std::make_unique<State>();
  state->path = pack_file(directory, task);
  auto file = open_file(state->path);
  if (!file) return fail(std::move(file).error());
  RECORTE_TRY(state->read((*file)->get()));
  state->open->add(state.get(), std::move(*file));
  return std::shared_ptr<const Pack>(new Pack(std::move(state)));
}

std::size_t Pack::size() const { return static_cast<std::size_t>(state_->trailer.count); }

PackSlot Pack::slot(std::size_t item) const { return state_->slot(item).slot; }

Result<cutout::Outcome> Pack::outcome(std::size_t item) const {
  auto outcome = state_->outcome(item);
  if (!outcome && outcome.error().code == ErrorCode::kData) state_->stale = true;
  return outcome;
}

Status Pack::check() const {
  for (std::size_t item = 0; item < size(); ++item)
    if (const auto said = outcome(item); !said) return fail(said.error());
  return {};
}

std::span<const account::Need> Pack::needs(std::size_t item) const {
  const auto found = state_->needs.find(slot(item).needs);
  if (found == state_->needs.end()) return {};
  return found->second;
}

job::Tally Pack::tally() const { return state_->trailer.tally; }

Result<std::shared_ptr<const Fd>> Pack::file() const { return state_->file(); }

bool Pack::is_stale() const { return state_->stale; }

}  // namespace recorte::batch
