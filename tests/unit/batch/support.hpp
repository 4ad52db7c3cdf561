/// What the tests of core/batch share: a directory that goes with its owner, and items as a worker
/// would write them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/pack.hpp"

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>

namespace recorte::batch {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

}  // namespace recorte::batch

namespace recorte::batch::test {

cutout::Outcome made(std::uint64_t row, double coverage = 1);
cutout::Outcome failed(std::uint64_t row, ErrorCode code, const std::string& message);
/// As a worker does it: head, product, what is said of it.
Status write_item(int fd, cutout::Outcome outcome, std::string_view product);
/// The bytes of a product of a pack.
std::string product_of(const Pack& pack, std::size_t item);

}  // namespace recorte::batch::test
