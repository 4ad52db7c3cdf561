/// A picture of two values kept as the places where it changes: the rows of a filled outline
/// (even-odd). Rows and columns count from 0 at the rectangle's first pixel; all start outside.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recorte::sky {

class RowToggles {
 public:
  RowToggles(std::int64_t width, std::int64_t height);

  /// Turns over the pixels of a row from `column` on; a column beyond the last has none.
  void flip(std::int64_t row, std::int64_t column);
  /// Turns over all the rows from `row` on.
  void flip_rows(std::int64_t row);
  /// Sorts what was flipped. To be called before the questions below, and again after a flip.
  void arrange();

  bool inside(std::int64_t row, std::int64_t column) const;
  /// Calls `visit(begin, end)` for each span inside, ascending, half open.
  template <class Visit>
  void each_span(std::int64_t row, Visit visit) const {
    bool inside = row_inside_[row];
    std::int64_t begin = 0;
    for (const auto column : columns(row)) {
      if (inside && column > begin) visit(begin, column);
      begin = column;
      inside = !inside;
    }
    if (inside) visit(begin, width_);
  }

  std::int64_t width() const { return width_; }
  std::int64_t height() const { return static_cast<std::int64_t>(row_flips_.size()); }

 private:
  struct Toggle {
    std::int64_t row, column;
  };
  std::span<const std::int64_t> columns(std::int64_t row) const;

  std::int64_t width_;
  std::vector<char> row_flips_;  ///< whether a row starts unlike the one before
  std::vector<Toggle> toggles_;
  std::vector<char> row_inside_;       ///< how a row starts
  std::vector<std::int64_t> columns_;  ///< where rows change, row by row, ascending, no two equal
  std::vector<std::size_t> begin_;     ///< of each row in columns_, and the end of the last
};

}  // namespace recorte::sky
