/// Open files with their headers and WCS, the most recently used ones. A file that changed on disk
/// (size, time, inode) is opened anew. What a packed file takes in memory is bounded too: a worker
/// lives for weeks. One thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/stamp.hpp"
#include "core/fits/file.hpp"
#include "core/sky/plane_axes.hpp"
#include "core/sky/wcs.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::cutout {

struct OpenImage {
  std::shared_ptr<const fits::File> file;
  FileStamp stamp;
  fits::ImageInfo info;
  fits::Header carried;  ///< the cards that every cutout keeps, those of the file's primary too
  /// Of the image; nullopt where the header has none that can be read (`wcs_error` says why).
  std::optional<sky::Wcs> wcs;
  std::string wcs_error;
  std::vector<sky::PlaneAxis> plane_axes;  ///< of each axis after the second that there is, or is
                                           ///< said to be: length 1
};

class ImageCache {
 public:
  static constexpr std::int64_t kUnpacked = std::int64_t{1} << 30;

  /// Keeps at most so many files, and so many bytes of unpacked ones; the last one opened always.
  explicit ImageCache(std::size_t files, std::int64_t unpacked = kUnpacked)
      : files_(std::max<std::size_t>(1, files)), unpacked_(unpacked) {}

  /// hdu -1: the one called `extname`, or the first image.
  Result<std::shared_ptr<const OpenImage>> open(const std::string& path, int hdu,
                                                const std::string& extname);
  /// Files opened from now on are entered by the places that lie there (fits::OpenOptions).
  void seek_in(std::filesystem::path directory) { seek_directory_ = std::move(directory); }
  std::int64_t hits() const { return hits_; }      ///< images that were open already
  std::int64_t misses() const { return misses_; }  ///< that had to be opened

 private:
  struct Entry {
    std::string path;
    FileStamp stamp;
    std::shared_ptr<const fits::File> file;
    std::map<int, std::shared_ptr<const OpenImage>> images;
  };
  Result<Entry*> entry(const std::string& path);
  void let_go();

  std::size_t files_;
  std::int64_t unpacked_;
  std::filesystem::path seek_directory_;
  std::int64_t hits_ = 0, misses_ = 0;
  std::list<Entry> entries_;  ///< the most recently used first
};

}  // namespace recorte::cutout
