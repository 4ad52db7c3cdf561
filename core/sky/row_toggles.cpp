// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/row_toggles.hpp"

#include <algorithm>
#include <numeric>

namespace recorte::sky {
namespace {

/// Ascending, equal ones cancelled in pairs. Returns how many are left.
std::size_t settle(std::span<std::int64_t> columns) {
  std::sort(columns.begin(), columns.end());
  std::size_t kept = 0;
  for (const auto column : columns)
    if (kept > 0 && columns[kept - 1] == column)
      --kept;
    else
      columns[kept++] = column;
  return kept;
}

}  // namespace

RowToggles::RowToggles(std::int64_t width, std::int64_t height)
    : width_(width), row_flips_(static_cast<std::size_t>(height)) {
  toggles_.reserve(2 * row_flips_.size());
}

void RowToggles::flip(std::int64_t row, std::int64_t column) {
  if (column < width_) toggles_.push_back({row, column});
}

void RowToggles::flip_rows(std::int64_t row) {
  if (row < height()) row_flips_[row] ^= 1;
}

void RowToggles::arrange() {
  row_inside_.resize(row_flips_.size());
  std::partial_sum(row_flips_.begin(), row_flips_.end(), row_inside_.begin(),
                   [](char a, char b) -> char { return a ^ b; });
  // Into their rows by counting: a row has a few.
  std::vector<std::size_t> end(row_flips_.size() + 1);
  for (const auto& toggle : toggles_) ++end[toggle.row + 1];
  std::partial_sum(end.begin(), end.end(), end.begin());
  columns_.resize(toggles_.size());
  for (const auto& toggle : toggles_) columns_[end[toggle.row]++] = toggle.column;
  begin_.assign(1, 0);
  std::size_t from = 0;
  for (std::size_t row = 0; row < row_flips_.size(); ++row) {
    const std::size_t kept = settle(std::span(columns_).subspan(from, end[row] - from));
    std::copy_n(columns_.begin() + static_cast<std::ptrdiff_t>(from), kept,
                columns_.begin() + static_cast<std::ptrdiff_t>(begin_.back()));
    from = end[row];
    begin_.push_back(begin_.back() + kept);
  }
  columns_.resize(begin_.back());
}

bool RowToggles::inside(std::int64_t row, std::int64_t column) const {
  const auto changes = columns(row);
  const auto passed = std::upper_bound(changes.begin(), changes.end(), column) - changes.begin();
  return (row_inside_[row] != 0) != (passed % 2 != 0);
}

std::span<const std::int64_t> RowToggles::columns(std::int64_t row) const {
  return std::span(columns_).subspan(begin_[row], begin_[row + 1] - begin_[row]);
}

}  // namespace recorte::sky
