/// The bytes of a FITS file: behind a descriptor, of the file itself, or, where its content is gzip
/// or bzip2, of an anonymous file in memory that holds it unpacked; or elsewhere (remote_file.hpp).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/base/stamp.hpp"
#include "core/fits/mapped_file.hpp"
#include "core/fits/remote_file.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace recorte::fits {

/// More unpacked bytes than this are refused.
inline constexpr std::int64_t kMaxUnpacked = std::int64_t{8} << 30;

class Source {
 public:
  /// kNotFound, kForbidden; kData where the packing is broken or cut off; kTooLarge.
  /// `map` false: everything is read by descriptor.
  static Result<Source> open(const std::string& path, bool map = true);
  /// The same of a file elsewhere, which is called `name` in messages. One that is packed as a
  /// whole is fetched as a whole.
  static Result<Source> open(std::unique_ptr<RemoteFile> file, const std::string& name);

  /// Exactly `size` bytes at `offset`; kData where the file ends before.
  Status read(std::int64_t offset, void* out, std::int64_t size) const;
  /// The file as it lies in memory, or null: many small pieces are read three times as fast so. One
  /// of which a page went missing is of no use any more; read() then says what the matter is.
  const MappedFile* mapped() const { return mapped_ && !mapped_->torn() ? mapped_.get() : nullptr; }
  /// After reading in `mapped()`: kData where the file ends before `end` by now, for then zeros
  /// were read.
  Status still_holds(std::int64_t end) const;
  /// Whether whoever reads had better say beforehand what, by expect().
  bool remote() const { return remote_ != nullptr; }
  void expect(std::span<const Extent> extents) const { remote_->expect(extents); }
  std::int64_t size() const { return size_; }
  /// Of the file that is open, whatever has its name by now.
  Result<FileStamp> stamp() const;
  int fd() const { return fd_.get(); }
  bool unpacked() const { return unpacked_; }

 private:
  Source(Fd fd, std::int64_t size, bool unpacked, bool map)
      : fd_(std::move(fd)),
        mapped_(map ? MappedFile::map(fd_.get(), size) : nullptr),
        size_(size),
        unpacked_(unpacked) {}
  explicit Source(std::unique_ptr<RemoteFile> remote)
      : remote_(std::move(remote)), size_(remote_->size()) {}
  Fd fd_;
  std::unique_ptr<RemoteFile> remote_;
  std::unique_ptr<MappedFile> mapped_;
  std::int64_t size_ = 0;
  bool unpacked_ = false;
};

}  // namespace recorte::fits
