// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/moc.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::sky {
namespace {

/// How far a cell of that order counts in cells of the deepest.
int shift_of(int order) { return 2 * (kDeepestOrder - order); }

Moc::Range range_of(const Cell& cell) {
  return {cell.number << shift_of(cell.order), (cell.number + 1) << shift_of(cell.order)};
}

}  // namespace

Moc::Moc(int order, std::vector<Range> ranges) : order_(order) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  for (const auto& range : ranges) {
    if (!ranges_.empty() && range.first <= ranges_.back().end)
      ranges_.back().end = std::max(ranges_.back().end, range.end);
    else
      ranges_.push_back(range);
  }
}

bool Moc::contains(const Vector& direction) const {
  const auto at = cell_of(kDeepestOrder, direction).number;
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), at,
      [](std::uint64_t number, const Range& range) { return number < range.first; });
  return after != ranges_.begin() && at < std::prev(after)->end;
}

double Moc::area() const {
  double cells = 0;
  for (const auto& range : ranges_) cells += static_cast<double>(range.end - range.first);
  const double side = side_of_cells(kDeepestOrder);
  return cells * side * side;
}

std::vector<Cell> Moc::cells() const {
  std::array<std::vector<Cell>, kDeepestOrder + 1> by_order;
  for (auto [first, end] : ranges_)
    while (first < end) {
      int order = 0;
      while (order < order_ && (range_of({order, first >> shift_of(order)}).first != first ||
                                range_of({order, first >> shift_of(order)}).end > end))
        ++order;
      const Cell cell{order, first >> shift_of(order)};
      by_order[static_cast<std::size_t>(order)].push_back(cell);
      first = range_of(cell).end;
    }
  std::vector<Cell> out;
  for (const auto& cells : by_order) out.insert(out.end(), cells.begin(), cells.end());
  return out;
}

std::string Moc::json() const {
  std::string out = "{";
  int order = -1;
  for (const auto& cell : cells()) {
    const auto number = std::to_string(cell.number);
    if (cell.order == order) {
      out += "," + number;
      continue;
    }
    out += (order < 0 ? "\"" : "],\"") + std::to_string(cell.order) + "\":[" + number;
    order = cell.order;
  }
  // The order of the smallest cells is told even where none is left of that size.
  if (order >= 0) out += "]";
  if (order < order_) out += (order < 0 ? "\"" : ",\"") + std::to_string(order_) + "\":[]";
  return out + "}";
}

}  // namespace recorte::sky
