/// Deflate (RFC 1951) for pictures of the sky: their noise has no repetitions worth looking for, so
/// there are Huffman codes and runs of one pixel only. As small as zlib's level 1 or smaller, and
/// several times as fast.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace recorte::encode {

/// One stream of any number of blocks. Holds what is not yet taken, no more.
class Deflate {
 public:
  /// `pixel`: bytes of a pixel, 1 to 4: how far back a run looks.
  explicit Deflate(int pixel) : pixel_(static_cast<std::size_t>(pixel)) {}
  /// Appends bytes, which may be none, as a block with codes of its own: some 100 KB are good, 1 GB
  /// the most. `last` ends the stream.
  void block(std::span<const std::uint8_t> bytes, bool last);
  /// The whole bytes made since it was last called; those of the last block with it.
  std::string take();

 private:
  std::size_t pixel_;
  std::string out_;
  std::size_t size_ = 0;  ///< bytes of out_ that are made
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;  ///< of them, that are in no byte yet: under 8
};

}  // namespace recorte::encode
