/// Writes a PNG (libpng) to a descriptor, top row first, 8 bits a channel, with text chunks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::encode {

class PngWriter {
 public:
  PngWriter(int fd, std::int64_t width, std::int64_t height, int channels /* 1 to 4 */,
            std::vector<std::pair<std::string, std::string>> text);
  ~PngWriter();
  /// The next row down: `channels` samples a pixel (grey, grey + alpha, RGB, RGBA), interleaved.
  Status row(const std::uint8_t* samples);
  /// kInternal where rows are missing.
  Status end();
  std::int64_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recorte::encode
