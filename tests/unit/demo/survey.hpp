/// The demo survey made once for all tests of this binary, and a reader of its planes that knows
/// nothing of core/demo.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/wcs.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::demo::test {

/// A directory of this process, removed at its end.
const std::filesystem::path& scratch();
/// The survey, made at the first call.
const std::filesystem::path& survey();

struct Plane {
  std::string cards;  ///< of the image, 80 characters each
  bool compressed = false;
  int bitpix = 0;
  int width = 0, height = 0;
  std::vector<float> pixels;

  sky::Wcs wcs() const;
  float at(int x, int y) const { return pixels[y * width + x]; }
};

/// Throws std::runtime_error with CFITSIO's words.
Plane read_plane(const std::string& tile, const std::string& band, const std::string& extname);
/// A keyword of an HDU (0 is the primary) as text, "" where absent.
std::string keyword(const std::string& file, int hdu, const std::string& name);

}  // namespace recorte::demo::test
