// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_table.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace recorte::fits {
namespace {

using Code = TileTable::Code;
using Columns = std::map<std::string, TileTable::Column, std::less<>>;

constexpr std::int64_t kMaxRow = 1 << 20;  // bytes of a row: descriptors and a few numbers

tl::unexpected<Error> broken(std::string what) { return fail(ErrorCode::kData, std::move(what)); }

/// 0 where the letter is none of FITS's.
std::int64_t element_size(char type) {
  switch (type) {
    case 'L':
    case 'X':
    case 'B':
    case 'A': return 1;
    case 'I': return 2;
    case 'J':
    case 'E': return 4;
    case 'K':
    case 'D':
    case 'C':
    case 'P': return 8;
    case 'M':
    case 'Q': return 16;
    default: return 0;
  }
}

/// "1PB(257)": one descriptor of bytes.
std::optional<TileTable::Column> column_of(const std::string& form) {
  const auto digits = std::min(form.find_first_not_of("0123456789"), form.size());
  const auto count = digits == 0 ? 1 : to_int(form.substr(0, digits)).value_or(-1);
  if (digits == form.size() || count < 0 || count > kMaxRow) return {};
  TileTable::Column out;
  out.type = form[digits];
  out.count = count;
  out.element = element_size(out.type);
  if (out.element == 0) return {};
  if ((out.type != 'P' && out.type != 'Q') || count == 0) return out;
  if (count != 1 || digits + 1 == form.size()) return {};
  out.word = out.element / 2;
  out.type = form[digits + 1];
  out.element = element_size(out.type);
  if (out.element == 0 || out.type == 'P' || out.type == 'Q') return {};
  return out;
}

std::int64_t width_of(const TileTable::Column& c) {
  if (c.word != 0) return 2 * c.word;
  return c.type == 'X' ? (c.count + 7) / 8 : c.count * c.element;
}

/// By name, and they fill the row.
Result<Columns> columns_of(const Header& header, std::int64_t width) {
  Columns out;
  std::int64_t offset = 0;
  const auto count = header.integer("TFIELDS").value_or(-1);
  for (std::int64_t i = 1; i <= count && i <= 999; ++i) {
    const auto number = std::to_string(i);
    const auto form = header.text("TFORM" + number).value_or("");
    auto column = column_of(form);
    if (!column)
      return broken(std::string("has a broken TFORM").append(number).append(": '") + form + "'");
    column->offset = offset;
    offset += width_of(*column);
    if (const auto name = header.text("TTYPE" + number)) out.emplace(upper(trim(*name)), *column);
  }
  if (offset != width || width > kMaxRow)
    return broken("has columns of " + std::to_string(offset) +
                  " bytes in rows of NAXIS1 = " + std::to_string(width));
  return out;
}

std::optional<TileTable::Column> in_heap(const Columns& columns, std::string_view name) {
  const auto found = columns.find(name);
  if (found == columns.end() || found->second.word == 0) return {};
  return found->second;
}

/// A number of each row, or of the keyword of the same name.
TileTable::Value value_of(const Columns& columns, const Header& header, const std::string& name) {
  TileTable::Value out;
  const auto found = columns.find(name);
  if (found != columns.end() && found->second.word == 0 && found->second.count > 0 &&
      std::string_view("BIJKED").find(found->second.type) != std::string_view::npos)
    out.column = found->second;
  else
    out.constant = header.number(name);
  return out;
}

/// A parameter of the code, ZNAMEi and ZVALi; by its place where it has no name.
std::optional<double> parameter(const Header& header, std::string_view name, int place) {
  bool named = false;
  for (int i = 1; i <= 9; ++i) {
    const auto number = std::to_string(i);
    const auto here = header.text("ZNAME" + number);
    named = named || here;
    if (here && equal_ignoring_case(trim(*here), name)) return header.number("ZVAL" + number);
  }
  return named ? std::nullopt : header.number("ZVAL" + std::to_string(place));
}

Status read_code(const Header& header, TileTable& out) {
  static constexpr std::array<std::pair<std::string_view, Code>, 7> kCodes{
      {{"RICE_1", Code::kRice},
       {"RICE_ONE", Code::kRice},
       {"GZIP_1", Code::kGzip},
       {"GZIP_2", Code::kShuffledGzip},
       {"PLIO_1", Code::kPlio},
       {"HCOMPRESS_1", Code::kHcompress},
       {"NOCOMPRESS", Code::kPlain}}};
  out.code_name = upper(trim(header.text("ZCMPTYPE").value_or("")));
  const auto known =
      std::ranges::find(kCodes, out.code_name, [](const auto& c) { return c.first; });
  if (known == kCodes.end())
    return broken("is compressed by ZCMPTYPE '" + out.code_name +
                  "', which is none of RICE_1, GZIP_1, GZIP_2, PLIO_1, HCOMPRESS_1, NOCOMPRESS");
  out.code = known->second;
  if (out.code == Code::kRice) {
    double block = parameter(header, "BLOCKSIZE", 1).value_or(32);
    double bytes = parameter(header, "BYTEPIX", 2).value_or(4);
    if (block < 16 && bytes > 8) std::swap(block, bytes);  // some wrote them the wrong way round
    if (block != 16 && block != 32)
      return broken("has a BLOCKSIZE of Rice's code of " + number_text(block) +
                    ", which must be 16 or 32");
    if (bytes != 1 && bytes != 2 && bytes != 4)
      return broken("has a BYTEPIX of Rice's code of " + number_text(bytes) +
                    ", which must be 1, 2 or 4");
    out.block = static_cast<std::int64_t>(block);
    out.byte_pix = static_cast<int>(bytes);
  }
  if (out.code == Code::kHcompress) out.smooth = parameter(header, "SMOOTH", 2).value_or(0) != 0;
  out.unsigned_words =
      out.code == Code::kPlio && out.bitpix == 16 && header.number("BZERO") == 32768;
  return {};
}

Status read_quantization(const Header& header, const Columns& columns, TileTable& out) {
  out.scale = value_of(columns, header, "ZSCALE");
  out.zero = value_of(columns, header, "ZZERO");
  out.null = value_of(columns, header, "ZBLANK");
  if (!out.null.given()) out.null.constant = header.number("BLANK");
  const auto method = upper(trim(header.text("ZQUANTIZ").value_or("")));
  using Dither = Quantization::Dither;
  if (method == "SUBTRACTIVE_DITHER_1") out.dither = Dither::kOne;
  if (method == "SUBTRACTIVE_DITHER_2") out.dither = Dither::kTwo;
  if (out.dither == Dither::kNone && !method.empty() && method != "NO_DITHER" && method != "NONE")
    return broken("has ZQUANTIZ '" + method +
                  "', which is none of NONE, NO_DITHER, SUBTRACTIVE_DITHER_1 and _2");
  if (out.dither != Dither::kNone) out.dither_seed = header.integer("ZDITHER0").value_or(1);
  if (out.dither_seed < 1 || out.dither_seed > 10'000)
    return broken("has ZDITHER0 " + std::to_string(out.dither_seed) + ", which must be 1 to 10000");
  const bool gzip = out.code == Code::kGzip || out.code == Code::kShuffledGzip;
  out.lossless = method == "NONE" || out.code == Code::kPlain || (gzip && !out.scale.given());
  if (out.lossless && !gzip && out.code != Code::kPlain)
    return broken("has floating-point pixels of ZQUANTIZ NONE in " + out.code_name +
                  ", which packs integers only");
  return {};
}

Status read_lengths(const Header& header, const HduPlace& place, std::int64_t file_size,
                    TileTable& out) {
  out.begin = place.data_begin;
  out.width = header.integer("NAXIS1").value_or(0);
  out.rows = header.integer("NAXIS2").value_or(0);
  const auto after = header.integer("PCOUNT").value_or(0);
  const auto room = file_size - out.begin;
  if (out.width <= 0 || out.rows < 0 || after < 0 || out.rows > room / out.width ||
      after > room - out.rows * out.width)
    return broken("has a table (NAXIS1, NAXIS2, PCOUNT) that the file does not hold");
  const auto size = out.width * out.rows;
  const auto heap = header.has("THEAP") ? header.integer("THEAP").value_or(-1) : size;
  if (heap < size || heap - size > after)
    return broken("has THEAP " + header.text("THEAP").value_or("missing") +
                  ", which lies outside the data after its table");
  out.heap = place.data_begin + heap;
  out.heap_size = after - (heap - size);
  return {};
}

}  // namespace

Result<TileTable> tile_table(const Source& source, const HduPlace& place) {
  const auto header = read_header(source, place);
  if (!header) return fail(header.error());
  TileTable out;
  out.bitpix = place.hdu.bitpix;
  out.axes = place.hdu.axes;
  for (std::size_t i = 0; i < out.axes.size(); ++i)
    out.tile.push_back(std::min(
        out.axes[i],
        header->integer("ZTILE" + std::to_string(i + 1)).value_or(i == 0 ? out.axes[0] : 1)));
  RECORTE_TRY(read_lengths(*header, place, source.size(), out));
  const auto columns = columns_of(*header, out.width);
  if (!columns) return fail(columns.error());
  out.packed = in_heap(*columns, "COMPRESSED_DATA");
  out.gzipped = in_heap(*columns, "GZIP_COMPRESSED_DATA");
  out.plain = in_heap(*columns, "UNCOMPRESSED_DATA");
  if (!out.packed && !out.gzipped && !out.plain)
    return broken("has no column COMPRESSED_DATA of variable length");
  RECORTE_TRY(read_code(*header, out));
  if (out.bitpix < 0) RECORTE_TRY(read_quantization(*header, *columns, out));
  return out;
}

}  // namespace recorte::fits
