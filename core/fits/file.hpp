/// Reading FITS files: plain, gzipped or bzipped whatever the name says, and
/// tile-compressed. Pixels come as stored or scaled, in the machine's byte order.
/// One File is used by one thread at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/asinh.hpp"
#include "core/fits/header.hpp"
#include "core/sky/pixel_rect.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recorte::fits {

class RemoteFile;
class Source;

/// One HDU, as its header describes it; for a tile-compressed image, the image inside.
struct Hdu {
  int number = 0;  ///< 0 is the primary
  bool is_image = false;
  bool compressed = false;
  std::string name;                ///< EXTNAME, "" where it has none
  int version = 1;                 ///< EXTVER
  int bitpix = 0;                  ///< 8, 16, 32, 64, -32, -64: of the stored pixels (ZBITPIX)
  std::vector<std::int64_t> axes;  ///< NAXIS1 first; empty where there are no pixels
};

/// What an image HDU holds and how its pixels read.
struct ImageInfo {
  Hdu hdu;
  Header header;  ///< of the image, as if it had never been compressed (no Z-cards, ZNAXIS… renamed
                  ///< back; no CHECKSUM, DATASUM)
  std::int64_t width = 0, height = 0;
  std::int64_t planes = 1;  ///< product of the axes after the second
  double bscale = 1, bzero = 0;
  std::optional<std::int64_t> blank;  ///< BLANK (ZBLANK where lossless); integers only
  std::optional<AsinhScale> asinh{};  ///< undone by read(): the image is one of floats
};

/// How much a File keeps of what it read, and how it reads.
struct OpenOptions {
  std::int64_t decoded_tiles = 2 << 20;       ///< bytes of unpacked tiles, of each compressed image
  std::int64_t seek_points = 16 << 20;        ///< bytes of places in Rice's code, of each image
  bool map = true;                            ///< false: reads by descriptor only
  std::filesystem::path seek_directory = {};  ///< of files of such places (seek_file.hpp), or none
};

/// Tiles that were wanted whole (gzip, HCOMPRESS, PLIO).
struct TileCounts {
  std::int64_t hits = 0, misses = 0;  ///< held already; unpacked
};

class File {
 public:
  /// Refuses with kNotFound (no such file), kData (no FITS, truncated, broken; says how), naming
  /// the file. Never interprets the name (no CFITSIO extended syntax).
  static Result<File> open(const std::string& path, const OpenOptions& options = {});
  /// The same of a file elsewhere, which has `name` for a path.
  static Result<File> open(std::unique_ptr<RemoteFile> file, const std::string& name,
                           const OpenOptions& options = {});
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  const std::string& path() const;
  const std::vector<Hdu>& hdus() const;
  /// Bytes of memory that it takes unpacked; 0 for a file that is read where it lies.
  std::int64_t unpacked() const;
  /// Bytes of memory that tiles take which it has unpacked, for cutouts to come.
  std::int64_t held() const;
  /// Of all compressed images, since it was opened.
  TileCounts tile_counts() const;
  /// The header of any HDU (of the primary, for keywords that a file keeps there), its illegal
  /// cards mended.
  Result<Header> header(int hdu) const;
  /// By number, or -1 for the first HDU with an image of at least two axes. kUsage where it holds
  /// no such image.
  Result<ImageInfo> image(int hdu) const;
  /// The HDU of that EXTNAME (case-insensitive; "NAME,2" for EXTVER 2).
  Result<int> find_hdu(const std::string& extname) const;

  /// Reads `rect` (inside the image) of `plane` into `out`, `row_bytes` from row to row, bottom row
  /// first. `bitpix` 0: as stored, unscaled (quantised floats restored, their
  /// nulls NaN; asinh magnitudes undone); -32 or -64: scaled by BSCALE and BZERO, BLANK as NaN.
  /// kData names the file and HDU where pixels are missing or broken.
  Status read(const ImageInfo& image, std::int64_t plane, const sky::PixelRect& rect, int bitpix,
              void* out, std::int64_t row_bytes) const;

 private:
  struct Impl;
  static Result<File> of(Result<Source> source, const std::string& path,
                         const OpenOptions& options);
  explicit File(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Bytes a pixel of that BITPIX takes.
inline std::int64_t bytes_of(int bitpix) { return (bitpix < 0 ? -bitpix : bitpix) / 8; }

}  // namespace recorte::fits
