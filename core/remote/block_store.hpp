/// Small pieces of bytes by name, in a directory that several processes share, bounded in bytes and
/// files: what was used last stays. A process may die at any instruction: a piece is there whole,
/// or not at all, and one that the disk has damaged is as if it were not there.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::remote {

class BlockStore {
 public:
  struct Bounds {
    std::int64_t bytes = 10LL << 30, files = 100'000;
  };
  /// The directory, which is nobody else's, is made where it is not there, and brought within the
  /// bounds. kUnavailable.
  static Result<std::unique_ptr<BlockStore>> open(std::filesystem::path directory, Bounds bounds);

  /// To read; none where it is not there. Its bytes, then four of a checksum. [any thread]
  Fd find(const std::string& name) const;
  std::optional<std::string> text(const std::string& name) const;
  /// Takes the place of one of that name. What other processes put is counted from time to time
  /// only: together they may have a sixteenth more each. [any thread] kUnavailable.
  Result<Fd> put(const std::string& name, std::string_view bytes);
  void remove(const std::string& name) const;

 private:
  BlockStore(std::filesystem::path directory, Bounds bounds)
      : directory_(std::move(directory)), bounds_(bounds) {}
  void make_room(std::int64_t bytes);

  const std::filesystem::path directory_;
  const Bounds bounds_;
  std::mutex mutex_;
  std::int64_t bytes_left_ = 0, files_left_ = 0;  ///< until the directory is looked at again
};

}  // namespace recorte::remote
