/// Reads the first table of a VOTable (1.1 to 1.5) that lies in memory, in any of its own
/// serialisations: TABLEDATA, BINARY, BINARY2.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/table/rows.hpp"

#include <string>
#include <string_view>

namespace recorte::table {

/// Nulls and NaN are "", several values of one field are separated by blanks. Entities of the
/// text's own and data that lie elsewhere are refused. kUsage names `source` and the place.
Status visit_votable(std::string_view text, const std::string& source, const RowVisitor& visitor,
                     const Limits& limits);

}  // namespace recorte::table
