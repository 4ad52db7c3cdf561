// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/rows.hpp"

#include <set>

namespace recorte::table {

RowVisitor into(Table& table) {
  return {[&](const auto& names) {
            table.columns = names;
            return Status{};
          },
          [&](auto& fields, Place place) {
            table.rows.push_back(fields);  // readers use theirs again
            table.lines.push_back(place.line > 0 ? place.line : static_cast<int>(place.row));
            return Status{};
          },
          {}};
}

Status check_columns(const std::vector<std::string>& names, const std::string& where,
                     const Limits& limits) {
  if (names.size() > limits.columns)
    return fail(ErrorCode::kTooLarge, where + ": " + std::to_string(names.size()) +
                                          " columns; at most " + std::to_string(limits.columns) +
                                          " are read");
  std::set<std::string> seen;
  for (const auto& name : names)
    if (!seen.insert(name).second)
      return fail(ErrorCode::kUsage,
                  where + ": two columns are called '" + name + "'; give each its own name");
  return {};
}

tl::unexpected<Error> too_many_rows(const std::string& source, const Limits& limits) {
  return fail(ErrorCode::kTooLarge,
              source + ": more than " + std::to_string(limits.rows) + " rows; split the table");
}

}  // namespace recorte::table
