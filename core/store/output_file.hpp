/// A file that appears whole or not at all: written without a name (under a name of its own where
/// the file system knows no other way, NFS say), then renamed over what was there.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>

namespace recorte::store {

class OutputFile {
 public:
  /// In the directory of `path`, which must exist. kNotFound, kForbidden or kUnavailable name the
  /// file.
  static Result<OutputFile> open(const std::filesystem::path& path);
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = default;
  ~OutputFile();
  int descriptor() const { return fd_.get(); }
  Status publish();
  /// Under another name of the same directory, which became known later. (A device keeps its own.)
  Status publish_as(const std::filesystem::path& path);

 private:
  enum class Kind { kUnnamed, kNamed, kInto };
  OutputFile(std::filesystem::path path, Kind kind, Fd fd)
      : path_(std::move(path)), kind_(kind), fd_(std::move(fd)) {}
  Status copy_into() const;
  std::filesystem::path path_;
  Kind kind_;
  Fd fd_;
};

/// An unnamed file in a directory, for what is too large for memory; in memory where the file
/// system has no unnamed files. Readable, writable, seekable.
Result<Fd> open_unnamed(const std::filesystem::path& directory);

}  // namespace recorte::store
