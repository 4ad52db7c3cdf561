// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/pack.hpp"

#include "core/base/crc32.hpp"
#include "core/batch/pack_index.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

}  // namespace

ItemStatus status_of(const cutout::Outcome& outcome) {
  if (!outcome.error) return outcome.coverage < kWhole ? ItemStatus::kPartial : ItemStatus::kOk;
  return outcome.error->code == ErrorCode::kNoCoverage ? ItemStatus::kNoCoverage
                                                       : ItemStatus::kFailed;
}

struct Pack::State {
  std::filesystem::path path;
  std::shared_ptr<const Fd> file;
  std::string slots;
  Trailer trailer;

  IndexSlot slot(std::size_t item) const {
    const auto size = static_cast<std::size_t>(kSlot);
    return decode_slot(std::string_view(slots).substr(item * size, size));
  }

  /// Everything that later reads rely on.
  Status read() {
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) return fail(os_error("cannot read " + path.string()));
    const std::int64_t size = status.st_size;
    if (!S_ISREG(status.st_mode) || size < kPartHead + kTrailer)
      return fail(broken(path, "it is too short"));
    const auto head = read_at(file->get(), path, 0, kPartHead);
    if (!head) return fail(head.error());
    const auto end = read_at(file->get(), path, size - kTrailer, kTrailer);
    if (!end) return fail(end.error());
    auto found = decode_trailer(*end);
    if (!is_part_head(*head) || !found) return fail(broken(path, "it has no head, or no index"));
    trailer = *found;
    const auto room = size - kTrailer;
    if (trailer.index < kPartHead || trailer.index > room || trailer.count < 0 ||
        trailer.count > (room - trailer.index) / kSlot)
      return fail(broken(path, "its index lies outside"));
    auto bytes = read_at(file->get(), path, trailer.index, trailer.count * kSlot);
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
    return {};
  }
};

Pack::Pack(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pack::~Pack() = default;

Result<std::shared_ptr<const Pack>> Pack::open(const std::filesystem::path& directory,
                                               std::int64_t task) {
  auto state = std::make_unique<State>();
  state->path = pack_file(directory, task);
  Fd fd(::open(state->path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return fail(os_error("cannot read " + state->path.string()));
  state->file = std::make_shared<const Fd>(std::move(fd));
  RECORTE_TRY(state->read());
  return std::shared_ptr<const Pack>(new Pack(std::move(state)));
}

std::size_t Pack::size() const { return static_cast<std::size_t>(state_->trailer.count); }

PackSlot Pack::slot(std::size_t item) const { return state_->slot(item).slot; }

Result<cutout::Outcome> Pack::outcome(std::size_t item) const {
  const auto slot = state_->slot(item);
  const auto text = read_at(state_->file->get(), state_->path, slot.text_offset, slot.text_size);
  if (!text) return fail(text.error());
  auto outcome = crc32(*text) == slot.text_crc
                     ? cutout::decode_outcome(*text)
                     : fail(ErrorCode::kData, "what is said of a product is damaged");
  if (!outcome) return fail(broken(state_->path, outcome.error().message));
  outcome->offset = slot.slot.offset;
  outcome->bytes = slot.slot.bytes;
  return outcome;
}

job::Tally Pack::tally() const { return state_->trailer.tally; }

const std::shared_ptr<const Fd>& Pack::file() const { return state_->file; }

}  // namespace recorte::batch
