// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/htransform.hpp"

#include "core/fits/wrapping.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace recorte::fits {
namespace {

/// The coefficients of one level: sums, differences along the columns and the rows, and of both, of
/// 2 x 2 blocks, side by side in a field of rows x columns.
struct Field {
  std::span<std::int64_t> a;
  std::int64_t width;          // of the whole tile
  std::int64_t rows, columns;  // of this level

  Wrapping get(std::int64_t y, std::int64_t x) const {
    return a[static_cast<std::size_t>(y * width + x)];
  }
  void put(std::int64_t y, std::int64_t x, Wrapping v) {
    a[static_cast<std::size_t>(y * width + x)] = v.value;
  }
};

/// n coefficients `step` apart: the first half goes to even places, the second to odd ones.
void interleave(std::span<std::int64_t> a, std::size_t begin, std::size_t step, std::size_t n,
                std::vector<std::int64_t>& scratch) {
  const auto half = (n + 1) / 2;
  for (std::size_t i = half; i < n; ++i) scratch[i - half] = a[begin + i * step];
  for (std::size_t i = half; i-- > 0;) a[begin + 2 * i * step] = a[begin + i * step];
  for (std::size_t i = 0; i < n - half; ++i) a[begin + (2 * i + 1) * step] = scratch[i];
}

void interleave(Field& f, std::vector<std::int64_t>& scratch) {
  const auto width = static_cast<std::size_t>(f.width);
  for (std::int64_t y = 0; y < f.rows; ++y)
    interleave(f.a, static_cast<std::size_t>(y) * width, 1, static_cast<std::size_t>(f.columns),
               scratch);
  for (std::int64_t x = 0; x < f.columns; ++x)
    interleave(f.a, static_cast<std::size_t>(x), width, static_cast<std::size_t>(f.rows), scratch);
}

/// Division by a power of two, towards zero.
Wrapping divided(Wrapping v, int shift) {
  return (v >= 0 ? v : v + ((Wrapping(1) << shift) - 1)) >> shift;
}

/// `value` towards `wanted` / 2^shift, by at most `most`.
Wrapping moved(Wrapping value, Wrapping wanted, int shift, Wrapping most) {
  return value + std::clamp(divided(wanted - (value << shift), shift), -most, most);
}

/// A slope between the means of two neighbours, that keeps the order of the three.
void smooth_slope(Field& f, std::int64_t y, std::int64_t x, Wrapping before, Wrapping after,
                  Wrapping mean, Wrapping most) {
  const auto up = after - mean;
  const auto down = mean - before;
  const auto high = std::max(std::min(up, down), Wrapping(0)) << 2;
  const auto low = std::min(std::max(up, down), Wrapping(0)) << 2;
  if (low >= high) return;
  f.put(y, x, moved(f.get(y, x), std::max(std::min(after - before, high), low), 3, most));
}

void smooth_twist(Field& f, std::int64_t y, std::int64_t x, Wrapping most) {
  const auto mm = f.get(y - 2, x - 2);
  const auto pm = f.get(y + 2, x - 2);
  const auto mp = f.get(y - 2, x + 2);
  const auto pp = f.get(y + 2, x + 2);
  const auto mean = f.get(y, x);
  const auto across = f.get(y + 1, x) << 1;
  const auto along = f.get(y, x + 1) << 1;
  const auto above = [](Wrapping v) { return std::max(v, Wrapping(0)); };
  const auto below = [](Wrapping v) { return std::min(v, Wrapping(0)); };
  const auto high =
      std::min(std::min(above(pp - mean) - across - along, above(mean - pm) + across - along),
               std::min(above(mean - mp) - across + along, above(mm - mean) + across + along))
      << 4;
  const auto low =
      std::max(std::max(below(pp - mean) - across - along, below(mean - pm) + across - along),
               std::max(below(mean - mp) - across + along, below(mm - mean) + across + along))
      << 4;
  if (low >= high) return;
  const auto wanted = std::max(std::min(pp + mm - mp - pm, high), low);
  f.put(y + 1, x + 1, moved(f.get(y + 1, x + 1), wanted, 6, most));
}

/// Coefficients at the border are left alone.
void smooth_level(Field& f, Wrapping most) {
  for (std::int64_t y = 2; y < f.rows - 2; y += 2)
    for (std::int64_t x = 0; x < f.columns; x += 2)
      smooth_slope(f, y + 1, x, f.get(y - 2, x), f.get(y + 2, x), f.get(y, x), most);
  for (std::int64_t y = 0; y < f.rows; y += 2)
    for (std::int64_t x = 2; x < f.columns - 2; x += 2)
      smooth_slope(f, y, x + 1, f.get(y, x - 2), f.get(y, x + 2), f.get(y, x), most);
  for (std::int64_t y = 2; y < f.rows - 2; y += 2)
    for (std::int64_t x = 2; x < f.columns - 2; x += 2) smooth_twist(f, y, x, most);
}

/// Of one level: its lowest bit; the half-steps that integers of the higher ones were rounded by.
struct Rounding {
  Wrapping bit;
  bool last;
  int shift() const { return last ? 2 : 1; }

  /// To a multiple of `unit`; halves go away from zero, except on the last level for `bit` itself.
  Wrapping rounded(Wrapping v, Wrapping unit) const {
    const auto half = unit >> 1;
    const auto negative = last && unit == bit ? Wrapping(0) : half - 1;
    return (v + (v >= 0 ? half : negative)) & -unit;
  }
  /// The bit that a sum lost, given back towards zero.
  static Wrapping lowered(Wrapping v, Wrapping lost) { return v >= 0 ? v - lost : v + lost; }
};

void invert_block(Field& f, std::int64_t y, std::int64_t x, const Rounding& r) {
  const auto unit = r.bit << 1;
  const bool right = x + 1 < f.columns;
  const bool below = y + 1 < f.rows;
  auto sum = f.get(y, x);
  if (right && below) {
    const auto both = r.rounded(f.get(y + 1, x + 1), r.bit);
    const auto lost = both & r.bit;
    const auto dy = Rounding::lowered(r.rounded(f.get(y + 1, x), unit), lost);
    const auto dx = Rounding::lowered(r.rounded(f.get(y, x + 1), unit), lost);
    const auto more = (both ^ dy ^ dx) & unit;
    sum = sum >= 0 ? sum + lost - more : sum + (lost == 0 ? more : lost - more);
    f.put(y + 1, x + 1, (sum + dy + dx + both) >> r.shift());
    f.put(y + 1, x, (sum + dy - dx - both) >> r.shift());
    f.put(y, x + 1, (sum - dy + dx - both) >> r.shift());
    f.put(y, x, (sum - dy - dx + both) >> r.shift());
  } else if (right || below) {
    const auto d = r.rounded(right ? f.get(y, x + 1) : f.get(y + 1, x), unit);
    sum = Rounding::lowered(sum, d & unit);
    f.put(below ? y + 1 : y, right ? x + 1 : x, (sum + d) >> r.shift());
    f.put(y, x, (sum - d) >> r.shift());
  } else {
    f.put(y, x, sum >> r.shift());
  }
}

std::int64_t halved(std::int64_t n, int times) {
  for (; times > 0; --times) n = (n + 1) / 2;
  return n;
}

}  // namespace

void invert_htransform(std::vector<std::int64_t>& a, std::int64_t rows, std::int64_t columns,
                       bool smooth, std::int64_t scale) {
  const auto longest = static_cast<std::uint64_t>(std::max(rows, columns));
  const int levels = static_cast<int>(std::bit_width(longest - 1));
  if (levels == 0) return;
  std::vector<std::int64_t> scratch((longest + 1) / 2);
  const Rounding top{Wrapping(1) << (levels - 1), false};
  a[0] = top.rounded(a[0], top.bit << 2).value;
  for (int level = levels - 1; level >= 0; --level) {
    Field field{a, columns, halved(rows, level), halved(columns, level)};
    interleave(field, scratch);
    const auto most = Wrapping(scale) >> 1;
    if (smooth && most > 0) smooth_level(field, most);
    const Rounding rounding{Wrapping(1) << level, level == 0};
    for (std::int64_t y = 0; y < field.rows; y += 2)
      for (std::int64_t x = 0; x < field.columns; x += 2) invert_block(field, y, x, rounding);
  }
}

}  // namespace recorte::fits
