/// The images in a FITS product of Recorte's own, held in memory: where their pixels lie and what
/// they mean. Everything is checked against the bytes there are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/header.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace recorte::encode {

struct ProductPlane {
  std::string band;     ///< RCBAND
  std::string meaning;  ///< RCPLANE: image, weight, variance, mask
  std::string unit;     ///< BUNIT, or ""
  bool absent = false;  ///< no image of the band covers the region (RCEDGE)
  int bitpix = 0;
  std::int64_t width = 0, height = 0;
  double bscale = 1, bzero = 0;
  std::optional<std::int64_t> blank;  ///< of integers
  std::span<const std::byte> pixels;  ///< big-endian, row after row, the bottom one first
};

/// In the order of the file; HDUs without pixels are left out. kData where it is no such product,
/// kUnsupported for an image of more than two axes longer than 1.
Result<std::vector<ProductPlane>> product_planes(std::span<const std::byte> product);

}  // namespace recorte::encode
