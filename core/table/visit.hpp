/// Reads a table in any form that lists come in: CSV, VOTable, JSON or a FITS table, each of which
/// may be gzipped. Which it is, its first bytes show (docs/reference/lists.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/table/rows.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace recorte::table {

/// kUsage names `source` and the place where it is broken; kTooLarge the bound that it passes.
Status visit_table(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                   const Limits& limits = {});

/// The same of a file, whole. kNotFound where there is none.
Result<Table> read_table(const std::filesystem::path& path, const Limits& limits = {});

}  // namespace recorte::table
