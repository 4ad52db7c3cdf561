// SPDX-License-Identifier: BSD-3-Clause
//
// Lists as users send them: CSV, VOTable, JSON, FITS, gzipped or not. Rows have as many fields as
// there are columns, what is read can be written as CSV and read again, and what passes for JSON is
// JSON to another parser as well.
#include "core/table/csv.hpp"
#include "core/table/visit.hpp"
#include "fits_text.hpp"
#include "fuzz.hpp"

#include <nlohmann/json.hpp>

namespace recorte::fuzz {
namespace {

constexpr table::Limits kLimits{1 << 20, 64, 4096};

struct Rows {
  std::vector<std::vector<std::string>> all;  ///< the names first
  Status status;
};

table::RowVisitor into(Rows& rows) {
  return {[&](const auto& names) {
            require(rows.all.empty(), "columns are named once");
            require(names.size() <= kLimits.columns, "columns keep to their bound");
            rows.all.push_back(names);
            return Status{};
          },
          [&](auto& fields, table::Place) {
            require(!rows.all.empty(), "columns come first");
            require(fields.size() == rows.all[0].size(), "a row has a field for each column");
            rows.all.push_back(fields);
            return Status{};
          },
          [](table::Place, const std::string&) { return Status{}; }};
}

std::string csv_of(const Rows& rows) {
  std::string out;
  for (const auto& row : rows.all) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      out += '"';
      for (const char c : row[i]) out += c == '"' ? "\"\"" : std::string(1, c);
      out += '"';
    }
    out += '\n';
  }
  return out;
}

}  // namespace

void attempt(std::string_view input) {
  const auto bytes = fits_or_as_it_is(input);
  Rows rows;
  rows.status = table::visit_table(bytes, "list", into(rows), kLimits);
  require(rows.all.size() <= kLimits.rows + 1, "rows keep to their bound");
  if (!rows.status || rows.all.empty() || rows.all[0].empty()) return;
  if (bytes.find_first_of("{[") == bytes.find_first_not_of(" \t\r\n"))
    require(nlohmann::json::accept(bytes), "what is read as JSON is JSON");
  Rows again;
  again.status = table::visit_csv(csv_of(rows), "again", into(again), {});
  require(again.status.has_value() && again.all == rows.all, "a table reads back from CSV");
}

}  // namespace recorte::fuzz
