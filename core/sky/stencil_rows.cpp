// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/stencil_rows.hpp"

#include "core/sky/block_rows.hpp"
#include "core/sky/edge_outline.hpp"
#include "core/sky/pixel_test.hpp"
#include "core/sky/row_toggles.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace recorte::sky {
namespace {

/// Of the rectangle, from 0.
struct Cell {
  std::int64_t row, column;
  auto operator<=>(const Cell&) const = default;
};

/// Whole numbers from `low` to `high` within [0, size).
struct Steps {
  std::int64_t begin, end;
  Steps(double low, double high, std::int64_t size)
      : begin(
            static_cast<std::int64_t>(std::clamp(std::ceil(low), 0.0, static_cast<double>(size)))),
        end(static_cast<std::int64_t>(
            std::clamp(std::floor(high) + 1, 0.0, static_cast<double>(size)))) {}
};

/// Fills the outline by its crossings (even-odd). What lies left of the first column counts where
/// it enters, and then for every row from there on, as if the outline left straight downwards: so
/// each row has its parity from the same comparisons, and an outline without gaps has no stray
/// rows.
class Filling {
 public:
  explicit Filling(const PixelRect& rect) : rect_(rect), rows_(rect.width, rect.height) {}

  void add(const Segment& segment) {
    Pixel a{segment.from.x - static_cast<double>(rect_.x),
            segment.from.y - static_cast<double>(rect_.y)};
    Pixel b{segment.to.x - static_cast<double>(rect_.x),
            segment.to.y - static_cast<double>(rect_.y)};
    if (a.y > b.y) std::swap(a, b);
    note_close(a, b);
    cross(a, b);
  }

  /// Pixels whose centres lie within kOutlineError of the outline, ascending.
  std::vector<Cell> close() {
    std::sort(close_.begin(), close_.end());
    close_.erase(std::unique(close_.begin(), close_.end()), close_.end());
    return std::move(close_);
  }

  RowToggles rows() {
    rows_.arrange();
    return std::move(rows_);
  }

 private:
  /// a.y <= b.y. A row lies between them when a.y <= row < b.y.
  void cross(Pixel a, Pixel b) {
    if (a.x < 0 && b.x < 0) return;
    if ((a.x < 0) != (b.x < 0)) {
      const double y = std::clamp(a.y - a.x * (b.y - a.y) / (b.x - a.x), a.y, b.y);
      rows_.flip_rows(Steps(y, y, rows_.height()).begin);
      (a.x < 0 ? a : b) = {0, y};
    }
    const double low = std::min(a.x, b.x);
    const double high = std::max(a.x, b.x);
    const auto first = Steps(a.y, a.y, rows_.height()).begin;
    const auto last = Steps(b.y, b.y, rows_.height()).begin;
    for (auto row = first; row < last; ++row) {
      const double along = (static_cast<double>(row) - a.y) / (b.y - a.y);
      const double x = std::clamp(a.x + along * (b.x - a.x), low, high);
      rows_.flip(row, Steps(x, x, rows_.width()).begin);
    }
  }

  void note_close(const Pixel& a, const Pixel& b) {
    const auto at = [&](double y) {
      const double x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
      return std::clamp(x, std::min(a.x, b.x), std::max(a.x, b.x));
    };
    const Steps rows(a.y - kOutlineError, b.y + kOutlineError, rows_.height());
    for (auto row = rows.begin; row < rows.end; ++row) {
      const double low = std::max(a.y, static_cast<double>(row) - kOutlineError);
      const double high = std::min(b.y, static_cast<double>(row) + kOutlineError);
      const double x0 = low > a.y && low < b.y ? at(low) : a.x;
      const double x1 = high > a.y && high < b.y ? at(high) : b.x;
      const Steps columns(std::min(x0, x1) - kOutlineError, std::max(x0, x1) + kOutlineError,
                          rows_.width());
      for (auto column = columns.begin; column < columns.end; ++column)
        close_.push_back({row, column});
    }
  }

  const PixelRect rect_;
  RowToggles rows_;
  std::vector<Cell> close_;
};

/// Nine pixels over the rectangle, but for those close to the outline.
std::vector<Cell> witnesses(const PixelRect& rect, const std::vector<Cell>& close) {
  std::vector<Cell> out;
  for (const int j : {0, 1, 2})
    for (const int i : {0, 1, 2}) {
      const Cell cell{(rect.height - 1) * j / 2, (rect.width - 1) * i / 2};
      if (!std::binary_search(close.begin(), close.end(), cell)) out.push_back(cell);
    }
  return out;
}

/// The outline says where the inside changes; the witnesses say which side it is, and the exact
/// test decides the pixels close to it. Nothing where the witnesses contradict the outline or there
/// are none.
std::optional<RowToggles> outlined_rows(const std::vector<Segment>& outline, const PixelTest& test,
                                        const PixelRect& rect) {
  Filling filling(rect);
  for (const auto& segment : outline) filling.add(segment);
  const auto close = filling.close();
  RowToggles rows = filling.rows();
  std::vector<Cell> asked = witnesses(rect, close);
  const std::size_t count = asked.size();
  if (count == 0) return {};
  asked.insert(asked.end(), close.begin(), close.end());
  std::vector<double> xy;
  for (const auto& cell : asked) {
    xy.push_back(static_cast<double>(rect.x + cell.column));
    xy.push_back(static_cast<double>(rect.y + cell.row));
  }
  const auto inside = test(xy);
  const auto differs = [&](std::size_t i) {
    return rows.inside(asked[i].row, asked[i].column) != (inside[i] != 0);
  };
  if (differs(0)) {
    rows.flip_rows(0);
    rows.arrange();
  }
  for (std::size_t i = 1; i < count; ++i)
    if (differs(i)) return {};
  std::vector<Cell> wrong;
  for (std::size_t i = count; i < asked.size(); ++i)
    if (differs(i)) wrong.push_back(asked[i]);
  for (const auto& cell : wrong) {
    rows.flip(cell.row, cell.column);
    rows.flip(cell.row, cell.column + 1);
  }
  if (!wrong.empty()) rows.arrange();
  return rows;
}

RowToggles rows_of(const Stencil& stencil, const Wcs& wcs, const PixelRect& rect) {
  const auto arcs = edge(stencil);
  const PixelTest test(stencil, wcs);
  if (const auto outline = outline_edge(arcs, wcs, rect))
    if (auto rows = outlined_rows(*outline, test, rect)) return std::move(*rows);
  return block_rows(arcs, test, wcs, rect);
}

}  // namespace

StencilRows StencilRows::make(const Stencil& stencil, const Wcs& wcs, const PixelRect& rect) {
  if (rect.empty()) return {RowToggles(0, 0), rect};
  return {rows_of(stencil, wcs, rect), rect};
}

StencilRows::StencilRows(const RowToggles& toggles, const PixelRect& rect) : first_(rect.y) {
  std::int64_t inside = 0;
  begin_.push_back(0);
  for (std::int64_t row = 0; row < toggles.height(); ++row) {
    toggles.each_span(row, [&](std::int64_t begin, std::int64_t end) {
      spans_.push_back({rect.x + begin, rect.x + end});
      inside += end - begin;
    });
    begin_.push_back(spans_.size());
  }
  whole_ = inside == rect.area();
}

std::span<const StencilRows::Span> StencilRows::row(std::int64_t y) const {
  const auto rows = static_cast<std::int64_t>(begin_.size()) - 1;
  if (y < first_ || y >= first_ + rows) return {};
  const auto row = static_cast<std::size_t>(y - first_);
  return std::span(spans_).subspan(begin_[row], begin_[row + 1] - begin_[row]);
}

}  // namespace recorte::sky
