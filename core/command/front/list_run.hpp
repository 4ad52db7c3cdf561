/// Cuts a list: each worker has a range of the sky's order for its own and keeps its images open
/// along it, does some rows at a time, and what they give goes into the container at once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/command/front/cut.hpp"
#include "core/command/front/destination.hpp"
#include "core/command/front/manifest.hpp"
#include "core/command/front/position_list.hpp"
#include "core/command/front/shares.hpp"
#include "core/store/sink.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace recorte::command {

class ListRun {
 public:
  ListRun(const CutOptions& options, PositionList& list, Destination& destination,
          Manifest& manifest);
  /// The error of a container that cannot be written; that of a row is in the manifest.
  Status run();

 private:
  /// One worker and where its products wait.
  struct Hand {
    Hand(std::size_t at, const worker::PoolOptions& options) : number(at), pool(options) {}
    std::size_t number;
    worker::Pool pool;
    std::optional<store::Sink> memory, disk;
  };
  /// A row whose turn has come: one item, or one a band.
  struct Due {
    std::size_t row;
    std::vector<cutout::TaskItem> items;
  };

  void ask_for_bands();
  Status work(Hand& hand);
  std::size_t rows_at_once() const;
  bool may_be_large() const;
  Due due(std::size_t row) const;
  Status cut(Hand& hand, std::span<const std::uint32_t> rows, bool on_disk);
  Status deliver(const std::vector<Due>& due, const std::vector<cutout::Outcome>& outcomes,
                 const store::Sink& sink, std::vector<std::uint32_t>& again);
  void learn(std::int64_t bytes);

  const CutOptions& options_;
  PositionList& list_;
  Destination& destination_;
  Manifest& manifest_;
  std::vector<std::uint32_t> order_;
  std::map<std::string, std::vector<std::string>> bands_;  ///< of each survey, for WebDataset
  std::optional<Shares> shares_;
  std::atomic<std::int64_t> largest_ = 0;  ///< bytes that a row has given
  std::atomic<std::size_t> done_ = 0;      ///< rows
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::optional<Error> trouble_;
};

}  // namespace recorte::command
