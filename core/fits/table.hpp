/// Reads a FITS binary or ASCII table into text, for lists of tiles and of positions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/table.hpp"

#include <cstddef>
#include <string>

namespace recorte::fits {

/// The first table of the file, plain or gzipped. Columns of one number or one text a row; others
/// (vectors, complex) are left out. Numbers are scaled (TSCAL, TZERO) and written exactly, nulls
/// are
/// "". kNotFound, kData, or kTooLarge beyond `max_rows`, naming the file.
Result<Table> read_table(const std::string& path, std::size_t max_rows = 20'000'000);

}  // namespace recorte::fits
