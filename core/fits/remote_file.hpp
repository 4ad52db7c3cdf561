/// A file that lies elsewhere, as this folder reads it: bytes at an offset, of which those that
/// will be wanted are named beforehand, so that they come in few requests. Who fetches them is
/// another folder's (core/remote).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/stamp.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace recorte::fits {

/// Bytes of a file, from its beginning.
struct Extent {
  std::int64_t offset = 0, size = 0;
};

/// One state of a file: where it changes meanwhile, reading fails, and never mixes the two.
class RemoteFile {
 public:
  virtual ~RemoteFile() = default;
  virtual std::int64_t size() const = 0;
  /// Of that state; no other has it.
  virtual FileStamp stamp() const = 0;
  /// Inside the file. kUnavailable, kNotFound, kCancelled name the file.
  virtual Status read(std::int64_t offset, void* out, std::int64_t size) = 0;
  /// What will be read next, so that it comes together. Until the next such word.
  virtual void expect(std::span<const Extent> extents) = 0;
};

class RemoteFiles {
 public:
  virtual ~RemoteFiles() = default;
  /// Of the file as it is now, as far as anybody asked of late.
  virtual Result<FileStamp> stamp(const std::string& uri) = 0;
  /// The file must not outlive this.
  virtual Result<std::unique_ptr<RemoteFile>> open(const std::string& uri) = 0;
};

/// Whether it is the URI of such a file (http, https, s3) and no path.
bool is_remote(std::string_view path);
/// As people may see it: without its query, where a key may stand.
std::string shown_uri(std::string_view uri);

}  // namespace recorte::fits
