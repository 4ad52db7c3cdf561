// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/table.hpp"

#include <fitsio.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace recorte::fits {
namespace {

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

struct Closer {
  void operator()(fitsfile* file) const {
    int status = 0;
    fits_close_file(file, &status);
  }
};

tl::unexpected<Error> broken(const std::string& path, int status) {
  std::array<char, FLEN_STATUS> text{};
  fits_get_errstatus(status, text.data());
  fits_clear_errmsg();
  return fail(status == FILE_NOT_OPENED ? ErrorCode::kNotFound : ErrorCode::kData,
              path + " cannot be read as a FITS table: " + text.data());
}

struct Column {
  int number = 0;
  int type = 0;
  long width = 0;  ///< characters, of text
  std::string name;
};

/// Columns of one value a row, with their names.
std::vector<Column> columns_of(fitsfile* file, int& status) {
  int count = 0;
  fits_get_num_cols(file, &count, &status);
  std::vector<Column> out;
  for (int i = 1; i <= count && !status; ++i) {
    std::array<char, FLEN_VALUE> name{};
    long repeat = 0, width = 0;
    Column column{i, 0, 0, ""};
    fits_get_bcolparms(file, i, name.data(), nullptr, nullptr, &repeat, nullptr, nullptr, nullptr,
                       nullptr, &status);
    if (status == NOT_BTABLE) {
      status = 0;
      fits_get_acolparms(file, i, name.data(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                         nullptr, &status);
    }
    fits_get_eqcoltype(file, i, &column.type, &repeat, &width, &status);
    column.name = trim(name.data());
    const bool text = column.type == TSTRING;
    const bool number = column.type > 0 && column.type != TCOMPLEX && column.type != TDBLCOMPLEX &&
                        column.type != TBIT && column.type != TLOGICAL && repeat == 1;
    column.width = text ? std::max(repeat, width) : 0;
    if ((text && repeat == width) || number) out.push_back(column);
  }
  return out;
}

void read_texts(fitsfile* file, const Column& column, std::size_t index, Table& table,
                int& status) {
  std::vector<char> buffer(static_cast<std::size_t>(column.width) + 1);
  for (std::size_t row = 0; row < table.rows.size() && !status; ++row) {
    char* at = buffer.data();
    fits_read_col(file, TSTRING, column.number, static_cast<LONGLONG>(row) + 1, 1, 1,
                  const_cast<char*>(""), &at, nullptr, &status);
    table.rows[row][index] = trim(buffer.data());
  }
}

void read_integers(fitsfile* file, const Column& column, std::size_t index, Table& table,
                   int& status) {
  std::vector<LONGLONG> values(table.rows.size());
  fits_read_col(file, TLONGLONG, column.number, 1, 1, static_cast<LONGLONG>(values.size()), nullptr,
                values.data(), nullptr, &status);
  for (std::size_t row = 0; row < values.size() && !status; ++row)
    table.rows[row][index] = std::to_string(values[row]);
}

void read_numbers(fitsfile* file, const Column& column, std::size_t index, Table& table,
                  int& status) {
  std::vector<double> values(table.rows.size());
  double null = kNull;
  fits_read_col(file, TDOUBLE, column.number, 1, 1, static_cast<LONGLONG>(values.size()), &null,
                values.data(), nullptr, &status);
  for (std::size_t row = 0; row < values.size() && !status; ++row)
    if (!std::isnan(values[row])) table.rows[row][index] = number_text(values[row]);
}

}  // namespace

Result<Table> read_table(const std::string& path, std::size_t max_rows) {
  int status = 0, kind = 0;
  fitsfile* raw = nullptr;
  fits_open_diskfile(&raw, path.c_str(), READONLY, &status);
  const std::unique_ptr<fitsfile, Closer> file(raw);
  if (status) return broken(path, status);
  do {
    fits_movrel_hdu(raw, 1, &kind, &status);
  } while (!status && kind != BINARY_TBL && kind != ASCII_TBL);
  if (status == END_OF_FILE)
    return fail(ErrorCode::kData, path + " holds no table; name a FITS table or a CSV file");
  LONGLONG rows = 0;
  fits_get_num_rowsll(raw, &rows, &status);
  if (status) return broken(path, status);
  if (rows < 0 || static_cast<std::size_t>(rows) > max_rows)
    return fail(ErrorCode::kTooLarge, path + " has " + std::to_string(rows) + " rows; at most " +
                                          std::to_string(max_rows) + " are read");
  const auto columns = columns_of(raw, status);
  Table table{path, {}, {}, {}};
  for (const auto& column : columns) table.columns.push_back(column.name);
  table.rows.assign(static_cast<std::size_t>(rows), std::vector<std::string>(columns.size()));
  for (int row = 1; row <= rows; ++row) table.lines.push_back(row);
  for (std::size_t i = 0; i < columns.size() && rows > 0 && !status; ++i) {
    const int type = columns[i].type;
    if (type == TSTRING) {
      read_texts(raw, columns[i], i, table, status);
    } else if (type == TFLOAT || type == TDOUBLE) {
      read_numbers(raw, columns[i], i, table, status);
    } else {
      read_integers(raw, columns[i], i, table, status);
    }
  }
  if (status) return broken(path, status);
  return table;
}

}  // namespace recorte::fits
