/// A directory that goes with the object, with all that is in it by then.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

namespace recorte::bundle {

class Scratch {
 public:
  /// Of a directory that is there.
  explicit Scratch(std::filesystem::path directory) : directory_(std::move(directory)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(directory_, error);
  }
  const std::filesystem::path& path() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

}  // namespace recorte::bundle
