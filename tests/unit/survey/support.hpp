/// Helpers of these tests: directories that vanish, and the smallest FITS files that serve.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/unit/tree.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace recorte::survey::test {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "recorte-survey-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    path = name;
  }
  ~TempDir() { std::filesystem::remove_all(path); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path path;
};

inline void write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One HDU: cards besides the structural ones, each "KEY = value". No pixels where width is 0.
struct FitsHdu {
  int width = 0, height = 0;
  std::vector<std::string> cards;
};

/// TAN at ra, dec, one arcsecond a pixel.
inline std::vector<std::string> sky(double ra, double dec, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRPIX1  = 8.5",
                           "CRPIX2  = 8.5", "CRVAL1  = " + std::to_string(ra),
                           "CRVAL2  = " + std::to_string(dec), "CDELT1  = -0.000277777777777778",
                           "CDELT2  = 0.000277777777777778", "RADESYS = 'ICRS'"});
  return more;
}

inline std::string fits_bytes(const std::vector<FitsHdu>& hdus) {
  std::string out;
  const auto pad = [&](char with) { out.resize((out.size() + 2879) / 2880 * 2880, with); };
  const auto card = [&](std::string text) {
    text.resize(80, ' ');
    out += text;
  };
  for (std::size_t i = 0; i < hdus.size(); ++i) {
    const auto& hdu = hdus[i];
    card(i ? "XTENSION= 'IMAGE   '" : "SIMPLE  =                    T");
    card("BITPIX  =                   16");
    card(hdu.width ? "NAXIS   =                    2" : "NAXIS   =                    0");
    if (hdu.width) {
      card("NAXIS1  = " + std::to_string(hdu.width));
      card("NAXIS2  = " + std::to_string(hdu.height));
    }
    if (i) {
      card("PCOUNT  =                    0");
      card("GCOUNT  =                    1");
    }
    for (const auto& text : hdu.cards) card(text);
    card("END");
    pad(' ');
    out.append(static_cast<std::size_t>(hdu.width) * static_cast<std::size_t>(hdu.height) * 2,
               '\0');
    pad('\0');
  }
  return out;
}

/// A single image of 16 × 16 pixels.
inline std::string fits_image(double ra, double dec, std::vector<std::string> more = {}) {
  return fits_bytes({{16, 16, sky(ra, dec, std::move(more))}});
}

}  // namespace recorte::survey::test
