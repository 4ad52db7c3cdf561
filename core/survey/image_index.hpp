/// The images of a survey in one mapped file: where each lies on the sky, where its planes lie on
/// disk, and what its header said. Built by `recorte survey index`, opened by the host service
/// recorte.footprints/1, shared by all workers through the page cache.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/footprint.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::survey {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// One plane of an image: which HDU of which file.
struct PlaneRecord {
  std::string role = "image";  ///< image, weight, variance, mask
  std::string path;            ///< relative to the survey's root, or absolute
  int hdu = -1;                ///< -1: the first image HDU, or the one called extname
  std::string extname;         ///< used where hdu is -1
  int cube_plane = -1;         ///< -1: all
};

/// One image: an exposure or coadd in one band.
struct ImageRecord {
  std::string id;  ///< stable within the release
  std::string band;
  std::string version;  ///< of the processing
  std::string unit;
  std::string access_group;         ///< "" where the survey's own applies
  std::string variant;              ///< of several images of one place and time
  std::vector<PlaneRecord> planes;  ///< the image first
  sky::Footprint footprint;
  std::int64_t width = 0, height = 0;   ///< 0 where no header was read
  double pixel_scale = kNone;           ///< degrees
  double t_min = kNone, t_max = kNone;  ///< MJD
  double exptime = kNone;               ///< seconds
  double zeropoint = kNone;             ///< magnitudes
};

/// Writes the index of `images` to `path`, atomically. Identifiers must differ (kInternal).
Status write_image_index(const std::filesystem::path& path, const std::vector<ImageRecord>& images);

/// What the images of an index have in common.
struct IndexSummary {
  std::vector<std::string> bands, roles;  ///< each once, in the order they come
  double pixel_scale = kNone;             ///< degrees, the largest
};

class ImageIndex {
 public:
  /// Maps the file; the tables must lie inside it, and what a row points to is checked when the row
  /// is read (a broken reference reads as empty). kNotFound, or kData where it is no index, or one
  /// of another version: says to index again.
  static Result<ImageIndex> open(const std::filesystem::path& path);
  /// Every image whose footprint may meet the cap, in the order they were written; only those of
  /// `band` where it is not empty.
  void find(const sky::Cap& cap, std::string_view band,
            const std::function<void(const ImageRecord&)>& found) const;
  /// By identifier.
  Result<ImageRecord> image(std::string_view id) const;
  ImageRecord at(std::uint32_t number) const;
  std::uint32_t size() const;
  IndexSummary summary() const;

 private:
  struct Map;
  explicit ImageIndex(std::shared_ptr<const Map> map) : map_(std::move(map)) {}
  std::shared_ptr<const Map> map_;
};

}  // namespace recorte::survey
