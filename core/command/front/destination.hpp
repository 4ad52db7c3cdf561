/// Where the products of a list go: entries of a tar, or files of a directory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/store/output_file.hpp"
#include "core/store/tar.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace recorte::command {

class Destination {
 public:
  /// "-" and what ends in .tar: a tar; else a directory, made where there is none. A name with
  /// another ending is refused: it was meant for a file.
  static Result<Destination> open(const std::string& output);
  /// A product: [offset, offset + size) of a descriptor.
  Status add(const std::string& name, int source, std::int64_t offset, std::int64_t size);
  /// The last entry, and the end: only now does a tar appear under its name.
  Status finish(const std::string& manifest);
  /// On the file system that takes the products.
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::optional<store::OutputFile> file_;  ///< of a tar that is not standard output
  std::optional<store::TarWriter> tar_;
};

}  // namespace recorte::command
