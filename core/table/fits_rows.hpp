/// Reads the first binary table of a FITS file that lies in memory (FITS Standard 4.0, section
/// 7.3), without CFITSIO, trusting nothing in it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/table/rows.hpp"

#include <string>
#include <string_view>

namespace recorte::table {

/// Numbers are scaled (TSCAL, TZERO; integers exactly), nulls (TNULL, NaN) are "", several values
/// of one field are separated by blanks, variable-length arrays included. kUsage names `source`
/// where it is broken or has no such table.
Status visit_fits(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                  const Limits& limits);

}  // namespace recorte::table
