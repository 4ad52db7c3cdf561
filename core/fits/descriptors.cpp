// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/descriptors.hpp"

#include "core/base/text.hpp"
#include "core/fits/pixels.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace recorte::fits {
namespace {

constexpr std::int64_t kStripBytes = 1 << 20;

std::int64_t element_size(char type) {
  switch (type) {
    case 'I': return 2;
    case 'J':
    case 'E': return 4;
    case 'K':
    case 'D':
    case 'C':
    case 'P': return 8;
    case 'M':
    case 'Q': return 16;
    default: return 1;
  }
}

// A variable-length column: its offset in the row, words of 4 or 8 bytes, bytes an element.
struct Column {
  std::int64_t offset = 0, word = 0, element = 1;
};

// "1PB(257)": one descriptor of bytes. Advances `offset` past the column.
Result<std::optional<Column>> column_of(const std::string& form, std::int64_t& offset) {
  const auto digits = std::min(form.find_first_not_of("0123456789"), form.size());
  const auto repeat = digits == 0 ? 1 : to_int(form.substr(0, digits)).value_or(-1);
  if (digits == form.size() || repeat < 0 || repeat > std::numeric_limits<int>::max())
    return fail(ErrorCode::kData, "has a broken TFORM '" + form + "'");
  const char type = form[digits];
  const auto begin = offset;
  offset += type == 'X' ? (repeat + 7) / 8 : repeat * element_size(type);
  if ((type != 'P' && type != 'Q') || repeat == 0 || digits + 1 == form.size()) return std::nullopt;
  return Column{begin, element_size(type) / 2, element_size(form[digits + 1])};
}

std::int64_t word_at(const char* bytes, std::int64_t size) {
  std::int64_t wide = 0;
  std::int32_t narrow = 0;
  if (size == 8) {
    swap_bytes(64, bytes, &wide, 1);
    return wide;
  }
  swap_bytes(32, bytes, &narrow, 1);
  return narrow;
}

}  // namespace

Status check_descriptors(const Source& source, const HduPlace& place) {
  const auto header = read_header(source, place);
  if (!header) return fail(header.error());
  const auto width = header->integer("NAXIS1").value_or(0);
  const auto rows = header->integer("NAXIS2").value_or(0);
  const auto heap = header->integer("PCOUNT").value_or(0);
  const auto gap = header->integer("THEAP").value_or(width * rows) - width * rows;
  std::vector<Column> columns;
  std::int64_t offset = 0;
  for (std::int64_t i = 1; i <= header->integer("TFIELDS").value_or(0) && i <= 999; ++i) {
    const auto column = column_of(header->text("TFORM" + std::to_string(i)).value_or(""), offset);
    if (!column) return fail(column.error());
    if (*column) columns.push_back(**column);
  }
  if (offset != width || gap < 0 || gap > heap)
    return fail(ErrorCode::kData, "has columns or a heap that do not fit its table");
  if (width == 0) return {};
  const auto strip =
      std::clamp<std::int64_t>(kStripBytes / width, 1, std::max<std::int64_t>(rows, 1));
  std::vector<char> table(static_cast<std::size_t>(strip * width));
  for (std::int64_t i = 0; i < rows; ++i) {
    if (i % strip == 0)
      RECORTE_TRY(source.read(place.data_begin + i * width, table.data(),
                              std::min(strip, rows - i) * width));
    for (const auto& column : columns) {
      const auto* descriptor = table.data() + i % strip * width + column.offset;
      const auto count = word_at(descriptor, column.word);
      const auto at = word_at(descriptor + column.word, column.word);
      if (count == 0) continue;
      if (count < 0 || at < 0 || at > heap - gap || count > (heap - gap - at) / column.element)
        return fail(ErrorCode::kData,
                    "tile " + std::to_string(i + 1) + " lies outside the data of its HDU");
    }
  }
  return {};
}

}  // namespace recorte::fits
