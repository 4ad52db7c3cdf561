/// A table as it is read, row by row, whatever its form: what readers tell, and their bounds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/table.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace recorte::table {

/// Bounds on what is read; past one, the error names it.
struct Limits {
  std::size_t bytes = 1U << 30;  ///< of a file, and of what is packed in it
  std::size_t columns = 10'000;
  std::size_t rows = 20'000'000;
};

/// Where a row stands.
struct Place {
  std::int64_t row = 0;  ///< from 1
  int line = 0;          ///< where it begins in a text for people; 0 elsewhere
  /// "list.csv:12", or "list.fits, row 11".
  std::string in(const std::string& source) const {
    return line > 0 ? source + ":" + std::to_string(line) : source + ", row " + std::to_string(row);
  }
};

/// For lists too long to be held as text: told each row as it is read. An error of the visitor's
/// ends the reading and is the result. Numbers are text that reads back exactly; what has no value
/// is "".
struct RowVisitor {
  std::function<Status(const std::vector<std::string>& names)> columns;  ///< first, once
  /// As many fields as there are columns.
  std::function<Status(std::vector<std::string>& fields, Place place)> row;
  /// Instead of `row` where one is too short or too long; where nobody listens, that ends the
  /// reading.
  std::function<Status(Place place, const std::string& why)> bad_row;
};

/// Puts all that is read into `table`, which is borrowed.
RowVisitor into(Table& table);

/// Names must be unique, and not too many. `where` is named in the error.
Status check_columns(const std::vector<std::string>& names, const std::string& where,
                     const Limits& limits);
tl::unexpected<Error> too_many_rows(const std::string& source, const Limits& limits);

}  // namespace recorte::table
