/// A task's products in one file. While the task runs, the worker appends to NAME.part, item by
/// item (core/cutout/item_log.hpp), so that one who dies loses only the item at hand; once all are
/// there, the file gets an index, is fsynced and renamed to NAME.pack, and never changes again
/// (docs/reference/packs.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/cutout/task.hpp"
#include "core/job/job.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace recorte::batch {

/// How a product ended.
enum class ItemStatus : std::uint8_t {
  kOk,
  kPartial,     ///< made, with pixels of the region that no image has
  kNoCoverage,  ///< no image covers the region
  kFailed,
};
inline constexpr std::array<std::string_view, 4> kItemStatusNames{"ok", "partial", "no_coverage",
                                                                  "failed"};
/// By its error, and by its coverage: below one, but for what rounding does, is partial.
ItemStatus status_of(const cutout::Outcome& outcome);

/// What is known of each item without decoding it.
struct PackSlot {
  std::uint64_t product = 0;           ///< its number in the job's plan
  std::int64_t offset = 0, bytes = 0;  ///< of the product in the file
  std::uint32_t crc = 0;               ///< CRC-32, as in zip
  std::array<std::byte, 32> sha256{};  ///< of the product; zeros where there is none
  ItemStatus status = ItemStatus::kFailed;
  /// The item, from 1, that tells for all that are like it what is needed to have them; 0: nobody
  /// noted it.
  std::uint32_t needs = 0;
};

/// A pack that grows.
class PackWriter {
 public:
  /// Makes NAME.part in `directory`, or opens what an interrupted task has left there: empty where
  /// the machine was started anew since, as what was not synced may be lost. What is whole in it
  /// goes on in a new file of that name: whoever may still write into the old one, a worker that
  /// was given up, say, writes for nobody. kUnavailable where another process still has it open to
  /// write, or the directory cannot be written.
  static Result<PackWriter> open(const std::filesystem::path& directory, std::int64_t task);
  PackWriter(PackWriter&&) noexcept;
  PackWriter& operator=(PackWriter&&) noexcept;
  /// The next one may open it, though a worker may have it yet.
  ~PackWriter();

  /// What is whole in it, in the order in which it was made. What came after the last whole item
  /// is cut off.
  Result<std::vector<cutout::Outcome>> recover();
  /// For the worker, which appends (a task with `log_items`).
  int descriptor() const;
  const std::shared_ptr<const Fd>& file() const;
  /// An item that made no product, or failed with its worker.
  Status add(const cutout::Outcome& outcome);
  /// Gives it a name besides, until this is gone, for a worker on another machine. Once only.
  Result<std::filesystem::path> name();
  /// Index, fsync, NAME.pack, of these products, where some are named. Of several outcomes of one
  /// product the last counts. kUnavailable names the directory and why it cannot be written: what
  /// was made stays, and it may be tried again, unless it is the fsync that failed, after which
  /// nobody knows what is on the disk: recover() gives nothing then.
  Status seal(std::span<const std::uint32_t> only = {});

 private:
  struct State;
  explicit PackWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A sealed pack: its slots are in memory, 80 bytes each; what more is said of an item is read when
/// asked. Its file is opened when it is read: of all packs of a process, kOpenPacks are open at a
/// time, and those that somebody still sends. [any thread]
class Pack {
 public:
  static constexpr std::size_t kOpenPacks = 64;
  /// kNotFound where the task is not sealed; kData names the file where it is broken.
  static Result<std::shared_ptr<const Pack>> open(const std::filesystem::path& directory,
                                                  std::int64_t task);
  ~Pack();
  /// In the order in which the products were made.
  std::size_t size() const;
  PackSlot slot(std::size_t item) const;  ///< of an item below size()
  /// All that is said of it; its offset is the slot's.
  Result<cutout::Outcome> outcome(std::size_t item) const;
  /// What one must be allowed to see to have that product; none where nobody noted it.
  std::span<const account::Need> needs(std::size_t item) const;
  job::Tally tally() const;
  /// kNotFound where it was taken away, kUnavailable where another is in its place.
  Result<std::shared_ptr<const Fd>> file() const;
  /// Whether its file was found to be gone, damaged, or another: who keeps it opens it anew.
  bool is_stale() const;
  /// Reads what is said of every item, which open() does not: kData where any of it is damaged.
  Status check() const;

 private:
  struct State;
  explicit Pack(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace recorte::batch
