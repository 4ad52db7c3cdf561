/// A table of text: named columns, rows, and the line each row came from. What CSV and FITS readers
/// give and position lists and tile lists are read from.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/text.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte {

struct Table {
  std::string source;                          ///< the file, for errors
  std::vector<std::string> columns;            ///< as written, blanks around them removed
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
  std::vector<int> lines;                      ///< of each row: line of text, or row number from 1

  /// The first column of one of these names, whatever the case.
  std::optional<std::size_t> column(std::initializer_list<std::string_view> names) const {
    for (const auto name : names)
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (equal_ignoring_case(columns[i], name)) return i;
    return {};
  }
  /// "tiles.csv:12".
  std::string where(std::size_t row) const { return source + ":" + std::to_string(lines[row]); }
};

}  // namespace recorte
