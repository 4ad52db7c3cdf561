/// What the tests of core/batch share: a directory, and items as a worker would write them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/pack.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace recorte::batch::test {

/// A directory that goes with its owner.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

cutout::Outcome made(std::uint64_t row, double coverage = 1);
cutout::Outcome failed(std::uint64_t row, ErrorCode code, const std::string& message);
/// As a worker does it: head, product, what is said of it.
Status write_item(int fd, cutout::Outcome outcome, std::string_view product);
/// The bytes of a product of a pack.
std::string product_of(const Pack& pack, std::size_t item);

}  // namespace recorte::batch::test
