/// Reads comma-, semicolon-, tab- or bar-separated text into a Table. Which separator it is, the
/// file shows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/table.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::table {

/// Bounds on what is read; past one, the error names it.
struct CsvLimits {
  std::size_t bytes = 1U << 30;
  std::size_t columns = 10'000;
  std::size_t rows = 20'000'000;
};

/// The first line that is neither blank nor a comment ('#') names the columns, which must be
/// unique. Fields may be quoted (RFC 4180: "" is a quote; separators and line ends may stand
/// inside). A byte order mark, CRLF and blank lines are passed over. A row too short or too long is
/// an error that names file and line.
Result<Table> read_csv(const std::filesystem::path& path, const CsvLimits& limits = {});
Result<Table> parse_csv(std::string_view text, const std::string& source,
                        const CsvLimits& limits = {});

/// For lists too long to be held as text: told each row as it is read. An error of the visitor's
/// ends the reading and is the result.
struct CsvVisitor {
  std::function<Status(const std::vector<std::string>& names)> columns;  ///< first, once
  /// As many fields as there are columns; `line` is where the row begins.
  std::function<Status(std::vector<std::string>& fields, int line)> row;
};
Status visit_csv(std::string_view text, const std::string& source, const CsvVisitor& visitor,
                 const CsvLimits& limits = {});

}  // namespace recorte::table
