/// The plugin directories as they are now, kept for the processes that use them: whoever replaces a
/// library, writes over it or takes it away changes nothing for those who run, nor for those who
/// start beside them. Libraries are copied; what lies beside them, such as libraries that they
/// need, is linked to.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::plugin {

class Snapshot {
 public:
  /// Of these directories, in a new one at `place`, which goes with the snapshot. One that is not
  /// there holds nothing; of a store what is enabled counts. kUnavailable names the file that
  /// cannot be copied.
  static Result<std::shared_ptr<const Snapshot>> take(
      const std::vector<std::filesystem::path>& from, const std::filesystem::path& place);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  Micros taken() const { return taken_; }
  /// One for each that it was taken of, in their order.
  const std::vector<std::filesystem::path>& directories() const { return directories_; }
  /// A sentence that names files of it, with the files that they are copies of.
  std::string of_originals(std::string sentence) const;
  /// Those of its libraries that `other` does not hold, byte for byte, under the same name.
  std::vector<std::filesystem::path> new_since(const Snapshot& other) const;

 private:
  explicit Snapshot(std::filesystem::path place) : place_(std::move(place)) {}
  std::filesystem::path place_;
  Micros taken_ = now_micros();
  std::vector<std::filesystem::path> from_, directories_;
};

}  // namespace recorte::plugin
