/// What the tests of core/cutout share: small FITS files and a directory for them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::cutout::test {

/// A directory that goes with its owner.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// One card of 80 characters.
std::string card(std::string text);

struct Picture {
  int bitpix = -32;
  int width = 8, height = 8, planes = 1;
  std::vector<double> pixels = {};  ///< as stored, plane by plane; none: zeros
  double ra = 150, dec = 2;         ///< of the middle; one arcsecond a pixel
  bool wcs = true;
  std::vector<std::string> cards = {};  ///< further ones
};

/// A FITS file with this picture in its primary HDU. Throws where it cannot be written.
void write_picture(const std::filesystem::path& path, const Picture& picture);

}  // namespace recorte::cutout::test
