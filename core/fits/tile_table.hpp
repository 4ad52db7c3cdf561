/// How a binary table holds a tile-compressed image: its columns, its tiles, and how they are
/// coded. Whatever a header says that cannot be is refused here. (FITS Standard 4.0, sections 7.3
/// and 10.1.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/layout.hpp"
#include "core/fits/quantized.hpp"
#include "core/fits/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace recorte::fits {

struct TileTable {
  enum class Code { kRice, kGzip, kShuffledGzip, kPlio, kHcompress, kPlain };
  /// A column of the table; of an array in the heap, its elements.
  struct Column {
    std::int64_t offset = 0;              ///< bytes from the beginning of the row
    char type = 'B';                      ///< of FITS: B, I, J, …
    std::int64_t element = 1, count = 1;  ///< bytes an element; elements
    std::int64_t word = 0;  ///< of a descriptor's two numbers: 4 or 8 bytes; 0: it lies in the row
  };
  /// A number that is the same for all tiles, or a column, or neither.
  struct Value {
    std::optional<double> constant;
    std::optional<Column> column;
    bool given() const { return constant || column; }
  };

  Code code = Code::kPlain;
  std::string code_name;                 ///< ZCMPTYPE
  int bitpix = 0;                        ///< of the image
  std::vector<std::int64_t> axes, tile;  ///< lengths: of the image; of a tile that is not cut off
  std::int64_t block = 32;               ///< of Rice's code: pixels in a block
  int byte_pix = 4;                      ///< … and bytes of its integers
  bool smooth = false;                   ///< of HCOMPRESS
  bool unsigned_words = false;           ///< PLIO, where 16-bit pixels are 32768 below its words
  bool lossless = false;                 ///< floating-point pixels that are no integers
  std::optional<Column> packed, gzipped,
      plain;                ///< where a tile's bytes are; the first that has any
  Value scale, zero, null;  ///< of quantised pixels
  Quantization::Dither dither = Quantization::Dither::kNone;
  std::int64_t dither_seed = 1;  ///< ZDITHER0
  std::int64_t begin = 0, width = 0,
               rows = 0;                 ///< the table: bytes from the file's beginning; a row
  std::int64_t heap = 0, heap_size = 0;  ///< the heap, likewise
};

/// Of the compressed image at `place`. Reads the header only. Messages do not name the file.
Result<TileTable> tile_table(const Source& source, const HduPlace& place);

}  // namespace recorte::fits
