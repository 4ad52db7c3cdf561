// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/fits_rows.hpp"

#include "core/base/text.hpp"
#include "core/fits/header.hpp"
#include "core/table/binary_values.hpp"

#include <algorithm>
#include <optional>

namespace recorte::table {
namespace {

constexpr auto kBlock = static_cast<std::size_t>(fits::kBlockSize);
constexpr std::int64_t kMostFields = 999;  // of the standard

struct Column {
  std::string name;
  BinaryKind kind = BinaryKind::kByte;
  std::uint64_t count = 1;
  std::size_t offset = 0;
  std::size_t descriptor = 0;  ///< bytes of each number of a P (4) or Q (8); 0: in the row itself
  Meaning meaning;
};

std::optional<BinaryKind> kind_of(char letter) {
  switch (letter) {
    case 'L': return BinaryKind::kBool;
    case 'X': return BinaryKind::kBit;
    case 'B': return BinaryKind::kByte;
    case 'I': return BinaryKind::kShort;
    case 'J': return BinaryKind::kInt;
    case 'K': return BinaryKind::kLong;
    case 'A': return BinaryKind::kChar;
    case 'E': return BinaryKind::kFloat;
    case 'D': return BinaryKind::kDouble;
    case 'C': return BinaryKind::kFloatComplex;
    case 'M': return BinaryKind::kDoubleComplex;
    default: return {};
  }
}

/// One after another, the headers and data of a file.
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& source) : left_(bytes), source_(source) {}

  tl::unexpected<Error> broken(const std::string& why) const {
    return fail(ErrorCode::kUsage, source_ + ": " + why);
  }
  /// The header of the next HDU; data() is what follows.
  Result<fits::Header> header();
  std::string_view data() const { return left_; }
  /// Past the data of that header.
  Status pass(const fits::Header& header);

 private:
  std::string_view left_;
  const std::string& source_;
};

Result<fits::Header> Reader::header() {
  for (std::size_t at = 0; at + fits::kCardSize <= left_.size(); at += fits::kCardSize) {
    if (!left_.substr(at).starts_with("END     ")) continue;
    auto out = fits::Header::parse(left_.substr(0, at));
    left_.remove_prefix(std::min(left_.size(), at / kBlock * kBlock + kBlock));
    return out;
  }
  return broken("a FITS header has no end; the file is cut off");
}

Status Reader::pass(const fits::Header& header) {
  const auto axes = header.integer("NAXIS").value_or(0);
  std::uint64_t size = axes > 0 ? 1 : 0;
  bool absurd = axes < 0 || axes > kMostFields;
  const auto times = [&](std::int64_t factor) {
    absurd = absurd || factor < 0 ||
             __builtin_mul_overflow(size, static_cast<std::uint64_t>(factor), &size);
  };
  for (std::int64_t i = 1; !absurd && i <= axes; ++i)
    times(header.integer("NAXIS" + std::to_string(i)).value_or(0));
  const auto heap = header.integer("PCOUNT").value_or(0);
  absurd =
      absurd || heap < 0 || __builtin_add_overflow(size, static_cast<std::uint64_t>(heap), &size);
  times(header.integer("GCOUNT").value_or(1));
  const auto bits = header.integer("BITPIX").value_or(8);
  times(bits < -64 || bits > 64 ? 0 : std::abs(bits) / 8);
  const auto blocks = size / kBlock + (size % kBlock != 0 ? 1 : 0);
  if (absurd || blocks > left_.size() / kBlock)
    return broken("it ends before its data do; the file is cut off");
  left_.remove_prefix(blocks * kBlock);
  return {};
}

Result<Column> read_column(const fits::Header& header, std::int64_t number, const Reader& reader) {
  const auto n = std::to_string(number);
  Column out;
  out.name = std::string(trim(header.text("TTYPE" + n).value_or("")));
  if (out.name.empty()) out.name = "col" + n;
  const auto form = std::string(trim(header.text("TFORM" + n).value_or("")));
  const auto wrong = [&] {
    return reader.broken("TFORM" + n + " is '" + form + "', which is no form of a column");
  };
  const auto letter = form.find_first_not_of("0123456789");
  if (letter == form.npos) return wrong();
  if (letter > 0) {
    const auto count = to_int(form.substr(0, letter));
    if (!count) return wrong();
    out.count = static_cast<std::uint64_t>(*count);
  }
  auto kind = form[letter];
  if (kind == 'P' || kind == 'Q') {
    out.descriptor = kind == 'P' ? 4 : 8;
    if (out.count > 1 || letter + 1 == form.size()) return wrong();
    kind = form[letter + 1];
  }
  const auto known = kind_of(kind);
  if (!known) return wrong();
  out.kind = *known;
  out.meaning.null = header.integer("TNULL" + n);
  out.meaning.scale = header.number("TSCAL" + n).value_or(1);
  out.meaning.zero = header.number("TZERO" + n).value_or(0);
  return out;
}

class BinaryTable {
 public:
  BinaryTable(const fits::Header& header, const Reader& reader) : reader_(reader) {
    stride_ = static_cast<std::uint64_t>(header.integer("NAXIS1").value_or(-1));
    rows_ = static_cast<std::uint64_t>(header.integer("NAXIS2").value_or(-1));
    heap_begin_ = header.integer("THEAP");
  }

  Status read(const fits::Header& header, const RowVisitor& visitor, const Limits& limits,
              const std::string& source) {
    const auto fields = header.integer("TFIELDS").value_or(0);
    if (fields < 1 || fields > kMostFields)
      return reader_.broken("a FITS table has 1 to 999 columns; its TFIELDS is " +
                            std::to_string(fields));
    RECORTE_TRY(read_columns(header, fields));
    std::uint64_t size = 0;
    if (__builtin_mul_overflow(stride_, rows_, &size) || size > reader_.data().size())
      return reader_.broken("the table ends before its last row; the file is cut off");
    std::uint64_t heap = heap_begin_ ? static_cast<std::uint64_t>(*heap_begin_) : size;
    heap_ = reader_.data().substr(std::min<std::uint64_t>(heap, reader_.data().size()));
    std::vector<std::string> names;
    for (const auto& column : columns_) names.push_back(column.name);
    RECORTE_TRY(check_columns(names, source, limits));
    if (rows_ > limits.rows) return too_many_rows(source, limits);
    RECORTE_TRY(visitor.columns(names));
    std::vector<std::string> values(columns_.size());
    for (std::uint64_t row = 0; row < rows_; ++row) {
      const auto bytes = reader_.data().substr(row * stride_, stride_);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto value = value_of(columns_[i], bytes);
        if (!value)
          return reader_.broken("row " + std::to_string(row + 1) + ", column " + columns_[i].name +
                                " points outside the table's heap");
        values[i] = std::move(*value);
      }
      RECORTE_TRY(visitor.row(values, {static_cast<std::int64_t>(row) + 1, 0}));
    }
    return {};
  }

 private:
  Status read_columns(const fits::Header& header, std::int64_t fields) {
    std::size_t offset = 0;
    for (std::int64_t i = 1; i <= fields; ++i) {
      auto column = read_column(header, i, reader_);
      if (!column) return fail(std::move(column).error());
      column->offset = offset;
      const auto size = column->descriptor > 0 ? column->count * column->descriptor * 2
                                               : binary_size(column->kind, column->count);
      if (!size || *size > stride_ - offset)
        return reader_.broken("its columns are wider than its rows (NAXIS1)");
      offset += *size;
      columns_.push_back(std::move(*column));
    }
    return {};
  }

  /// Nothing where it lies outside the file, or more is asked of the heap than it holds: many
  /// arrays in one place would make much of little.
  std::optional<std::string> value_of(const Column& column, std::string_view row) {
    if (column.count == 0) return "";
    auto count = column.count;
    auto bytes = row.substr(column.offset);
    if (column.descriptor > 0) {
      count = big_endian(bytes, 0, column.descriptor);
      const auto at = big_endian(bytes, column.descriptor, column.descriptor);
      if (count == 0) return "";
      if (at > heap_.size()) return {};
      bytes = heap_.substr(at);
    }
    const auto size = binary_size(column.kind, count);
    if (!size || *size > bytes.size()) return {};
    if (column.descriptor > 0 && (from_heap_ += *size) > heap_.size()) return {};
    return binary_text(column.kind, count, bytes.substr(0, *size), column.meaning);
  }

  const Reader& reader_;
  std::uint64_t stride_ = 0, rows_ = 0;
  std::optional<std::int64_t> heap_begin_;
  std::string_view heap_;
  std::uint64_t from_heap_ = 0;  ///< bytes
  std::vector<Column> columns_;
};

}  // namespace

Status visit_fits(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                  const Limits& limits) {
  Reader reader(bytes, source);
  while (!trim(reader.data()).empty()) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    const auto kind = header->text("XTENSION").value_or("");
    if (kind == "BINTABLE" && !header->has("ZIMAGE") && !header->has("ZTABLE"))
      return BinaryTable(*header, reader).read(*header, visitor, limits, source);
    RECORTE_TRY(reader.pass(*header));
  }
  return reader.broken("it has no binary table; write the list as one, or as CSV");
}

}  // namespace recorte::table
