/// CFITSIO cutting the same pixels, for timings beside our own: the image stays open, a finished
/// FITS comes into memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fitsio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace recorte::bench {

/// Pixels from 0, as FITS counts less one.
struct Section {
  long x, y, width, height;
};

/// A FITS file in memory, as CFITSIO allocated it.
struct MemoryFits {
  std::unique_ptr<void, void (*)(void*)> bytes;
  std::size_t size;
};

/// Every error ends the program with CFITSIO's message: a bench has nothing to save.
class CfitsioPeer {
 public:
  explicit CfitsioPeer(const std::string& path);
  ~CfitsioPeer();
  CfitsioPeer(const CfitsioPeer&) = delete;
  CfitsioPeer& operator=(const CfitsioPeer&) = delete;

  /// As imcopy does it: fits_copy_image_section, which copies the header too, row by row.
  MemoryFits copy_section(const Section& section);
  /// By hand: one fits_read_subset, the WCS cards, one fits_write_img.
  MemoryFits read_and_write(const Section& section);
  /// The pixels alone, valid until the next call.
  std::span<const float> read(const Section& section);
  /// Reads other rows of the same columns, so that none of the section's tiles is left unpacked:
  /// CFITSIO keeps the last one of each column of tiles.
  void forget(const Section& section);
  /// Where a product of these pixels lies on the image, by its CRPIX.
  Section where(std::span<const std::byte> product) const;

 private:
  fitsfile* file_ = nullptr;
  long rows_ = 0;
  double crpix_[2] = {};
  std::vector<std::string> wcs_;  ///< cards as they are, CRPIX aside
  std::vector<float> pixels_;
};

/// The pixels of the first image in a FITS file in memory, as floats.
std::vector<float> pixels_of(std::span<const std::byte> product);

}  // namespace recorte::bench
