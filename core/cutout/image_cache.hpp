/// Open files with their headers and WCS, the most recently used ones. A file that changed on disk
/// (size, time, inode) is opened anew. What a packed file takes in memory is bounded too: a worker
/// lives for weeks. One thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/stamp.hpp"
#include "core/cutout/cache_limits.hpp"
#include "core/cutout/given_cards.hpp"
#include "core/fits/file.hpp"
#include "core/fits/remote_file.hpp"
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
  /// The last file that was opened is kept, whatever the limits.
  /// `remote` opens URIs (fits::is_remote); null: they cannot be opened.
  explicit ImageCache(const CacheLimits& limits, fits::RemoteFiles* remote = nullptr)
      : limits_(limits), remote_(remote) {}

  /// hdu -1: the one called `extname`, or the first image. `cards` are given to its header.
  Result<std::shared_ptr<const OpenImage>> open(const std::string& path, int hdu,
                                                const std::string& extname,
                                                const Cards& cards = {});
  /// Files opened from now on are entered by the places that lie there (fits::OpenOptions).
  void seek_in(std::filesystem::path directory) { seek_directory_ = std::move(directory); }
  /// Since the beginning.
  CacheUse use() const;

 private:
  struct Entry {
    std::string path;
    FileStamp stamp;
    std::shared_ptr<const fits::File> file;
    std::map<std::pair<int, Cards>, std::shared_ptr<const OpenImage>> images;
  };
  Result<Entry*> entry(const std::string& path);
  Result<FileStamp> stamp_of(const std::string& path) const;
  Result<fits::File> open_file(const std::string& path) const;
  void let_go();

  /// Lets go of a file, not of what it counted.
  void drop(std::list<Entry>::iterator entry);

  CacheLimits limits_;
  fits::RemoteFiles* remote_;
  std::filesystem::path seek_directory_;
  CacheUse use_;              ///< tiles: of files that were let go
  std::list<Entry> entries_;  ///< the most recently used first
};

}  // namespace recorte::cutout
