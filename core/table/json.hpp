/// Reads a table that is JSON, without holding it: an array of objects; or an object with such an
/// array as "positions" or "rows"; or {"columns": ["id", …], "rows": [["a", …], …]}.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/table/rows.hpp"

#include <string>
#include <string_view>

namespace recorte::table {

/// Columns are all keys of all objects, in the order in which they first appear. Numbers are kept
/// as sent, null is "", the values of an array are joined by commas. kUsage names `source` and the
/// place.
Status visit_json(std::string_view text, const std::string& source, const RowVisitor& visitor,
                  const Limits& limits);

}  // namespace recorte::table
