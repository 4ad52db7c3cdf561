/// Open files with their headers and WCS, the most recently used ones. A file that changed on disk
/// (size, time, inode) is opened anew. One thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/file.hpp"
#include "core/sky/wcs.hpp"

#include <algorithm>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace recorte::cutout {

struct OpenImage {
  std::shared_ptr<const fits::File> file;
  fits::ImageInfo info;
  /// Of the image; nullopt where the header has none that can be read (`wcs_error` says why).
  std::optional<sky::Wcs> wcs;
  std::string wcs_error;
};

class ImageCache {
 public:
  explicit ImageCache(std::size_t files) : capacity_(std::max<std::size_t>(1, files)) {}

  /// hdu -1: the one called `extname`, or the first image.
  Result<std::shared_ptr<const OpenImage>> open(const std::string& path, int hdu,
                                                const std::string& extname);

 private:
  struct Stamp {
    std::int64_t size, mtime_ns;
    std::uint64_t inode;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    std::string path;
    Stamp stamp;
    std::shared_ptr<const fits::File> file;
    std::map<int, std::shared_ptr<const OpenImage>> images;
  };
  static Result<Stamp> stamp_of(const std::string& path);
  Result<Entry*> entry(const std::string& path);

  std::size_t capacity_;
  std::list<Entry> entries_;  ///< the most recently used first
};

}  // namespace recorte::cutout
