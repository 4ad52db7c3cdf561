/// Writes a baseline JPEG (libjpeg-turbo) to a descriptor, top row first, 8 bits a channel, with a
/// comment. Holds a few rows, whatever the height.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace recorte::encode {

class JpegWriter {
 public:
  /// From quality 90 on, colours are as fine as brightness (4:4:4); below, half as fine (4:2:0).
  JpegWriter(int fd, std::int64_t width, std::int64_t height, int channels /* 1 or 3 */,
             int quality /* 1 to 100 */, std::string comment);
  ~JpegWriter();
  /// The next row down: `channels` samples a pixel, interleaved.
  Status row(const std::uint8_t* samples);
  /// kInternal where rows are missing.
  Status end();
  /// Bytes written so far; of the whole file after end().
  std::int64_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recorte::encode
