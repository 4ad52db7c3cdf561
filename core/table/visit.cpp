// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/visit.hpp"

#include "core/table/csv.hpp"

namespace recorte::table {

Status visit_table(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                   const Limits& limits) {
  return visit_csv(bytes, source, visitor, limits);
}

}  // namespace recorte::table
