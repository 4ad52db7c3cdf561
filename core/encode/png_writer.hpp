/// Writes a PNG (PNG specification, 3rd edition) to a descriptor, top row first, 8 bits a channel,
/// with text chunks. What is held does not grow with the picture.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/encode/deflate.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::encode {

class PngWriter {
 public:
  PngWriter(int fd, std::int64_t width, std::int64_t height, int channels /* 1 to 4 */,
            const std::vector<std::pair<std::string, std::string>>& text);
  /// The next row down: `channels` samples a pixel (grey, grey + alpha, RGB, RGBA), interleaved.
  Status row(const std::uint8_t* samples);
  /// kInternal where rows are missing.
  Status end();
  std::int64_t size() const { return size_; }

 private:
  void write(std::string_view bytes);
  void chunk(std::string_view type, std::string_view content);
  void start(const std::vector<std::pair<std::string, std::string>>& text);
  void put(std::string_view bytes);
  void block(bool last);

  int fd_;
  std::int64_t width_, height_;
  int channels_;
  std::int64_t rows_ = 0, size_ = 0;
  Deflate deflate_;
  std::string block_;  ///< rows, and the byte before each that names its filter, not yet deflated
  std::uint32_t adler_ = 1;
  bool ended_ = false;
  Status status_;
};

}  // namespace recorte::encode
