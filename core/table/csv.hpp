/// Reads comma-, semicolon-, tab- or bar-separated text into a Table. Which separator it is, the
/// file shows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/table.hpp"
#include "core/table/rows.hpp"

#include <string>
#include <string_view>

namespace recorte::table {

/// The first line that is neither blank nor a comment ('#') names the columns, which must be
/// unique. Fields may be quoted (RFC 4180: "" is a quote; separators and line ends may stand
/// inside). A byte order mark, CRLF and blank lines are passed over. A row too short or too long is
/// an error that names file and line.
Result<Table> parse_csv(std::string_view text, const std::string& source,
                        const Limits& limits = {});

Status visit_csv(std::string_view text, const std::string& source, const RowVisitor& visitor,
                 const Limits& limits = {});

}  // namespace recorte::table
