/// Writes FITS to a seekable descriptor, one HDU after another, each in strips of rows, so that a
/// product's size is bounded by no memory. CHECKSUM and DATASUM are computed on the way (FITS 4.0,
/// appendix J).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/header.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace recorte::encode {

class FitsWriter {
 public:
  /// Borrows the descriptor; writes from that offset.
  explicit FitsWriter(int fd, std::int64_t offset = 0);
  ~FitsWriter();

  /// Begins an HDU: the primary first, then IMAGE extensions. `axes` empty: a header alone. `extra`
  /// are all cards but the structural ones and the checksums.
  Status begin(const fits::Header& extra, int bitpix, const std::vector<std::int64_t>& axes);
  /// Rows [y, y + rows) of `plane`, the machine's byte order, `row_bytes` from row to row. Each row
  /// once, in any order.
  Status rows(std::int64_t plane, std::int64_t y, std::int64_t rows, const void* pixels,
              std::int64_t row_bytes);
  /// Adds or replaces a card that was learnt while writing; the keyword must stand in the header
  /// already (as a place-holder).
  Status amend(const fits::Header& extra);
  /// Pads, writes the checksums. kInternal where a row is missing.
  Status end();
  /// Bytes so far.
  std::int64_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recorte::encode
