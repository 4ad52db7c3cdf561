/// The places where the streams of one image of Rice's code can be entered, in a file that all
/// workers map: four bytes and four for 128 pixels, a tenth of what four bits a pixel take. Found
/// by the stamp of the FITS file, so that it is never taken for that of another one, or of an older
/// state. `recorte survey index --seek` writes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/stamp.hpp"
#include "core/fits/mapped_file.hpp"
#include "core/fits/rice.hpp"
#include "core/fits/tile_table.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace recorte::fits {

/// A place as it is kept; bit 0 is none: before it comes a pixel at least.
struct SeekEntry {
  std::uint32_t bit = 0, last = 0;
};

/// What a file of places is of. Whatever differs, it does not fit.
struct SeekSubject {
  FileStamp stamp;  ///< of the FITS file
  int hdu = 0;
  const TileTable& table;

  std::int64_t tiles() const;
  std::int64_t entries_a_tile() const;  ///< of a tile that is not cut off
  std::string name() const;             ///< of the file
};

class SeekFile {
 public:
  /// That of the subject in `directory`. Null where there is none, or it does not fit, is cut short
  /// or damaged: its checksum is taken here, once, and it is as if there were none.
  static std::shared_ptr<const SeekFile> open(const std::filesystem::path& directory,
                                              const SeekSubject& subject);
  /// Place number `number` (from 0) of a tile (from 0). Bit 0 where there is none, and where the
  /// file has shrunk since: a stream is then decoded from its beginning, which is right too.
  SeekEntry entry(std::int64_t tile, std::int64_t number) const;

 private:
  SeekFile(std::unique_ptr<MappedFile> file, std::int64_t tiles, std::int64_t entries)
      : file_(std::move(file)), tiles_(tiles), entries_(entries) {}
  std::unique_ptr<MappedFile> file_;
  std::int64_t tiles_, entries_;
};

/// Writes it, at once or not at all. `entries`: of every tile entries_a_tile().
Status write_seek_file(const std::filesystem::path& directory, const SeekSubject& subject,
                       std::span<const SeekEntry> entries);

struct SeekReport {
  std::vector<std::string> names;       ///< of the files that the FITS file has now
  std::int64_t written = 0, bytes = 0;  ///< of these, files that are new; bytes of all
};

/// Makes those of every image of Rice's code in a FITS file that is not packed, but for those that
/// are there and good. A tile that is broken has no places. Errors of reading the FITS file and of
/// writing.
Result<SeekReport> make_seek_files(const std::string& fits_file,
                                   const std::filesystem::path& directory);

}  // namespace recorte::fits
