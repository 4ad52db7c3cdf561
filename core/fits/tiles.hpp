/// Pixels of tile-compressed images, unpacked by CFITSIO. One reader is used by one thread at a
/// time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/file.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace recorte::fits {

class TileReader {
 public:
  TileReader() = default;
  /// Opens a handle of its own on the file behind `fd`, which it borrows for the call.
  static Result<TileReader> open(int fd);

  /// Stored pixels from corner to corner (`first`, `last`: from 0, one number an axis, inclusive),
  /// packed, in the machine's byte order, unscaled; nulls of quantised floats are NaN. Messages do
  /// not name the file.
  Status read(const Hdu& hdu, const std::vector<std::int64_t>& first,
              const std::vector<std::int64_t>& last, void* out);
  explicit operator bool() const { return file_ != nullptr; }

 private:
  struct Close {
    void operator()(void* file) const;
  };
  std::unique_ptr<void, Close> file_;  // fitsfile
};

}  // namespace recorte::fits
