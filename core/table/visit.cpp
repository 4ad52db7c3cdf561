// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/visit.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/table/csv.hpp"
#include "core/table/fits_rows.hpp"
#include "core/table/gunzip.hpp"
#include "core/table/json.hpp"
#include "core/table/votable.hpp"

namespace recorte::table {
namespace {

Status visit_plain(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                   const Limits& limits) {
  if (bytes.starts_with("SIMPLE  =")) return visit_fits(bytes, source, visitor, limits);
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return visit_votable(bytes, source, visitor, limits);  // UTF-16, which only XML can say it is
  auto head = bytes.substr(0, 4096);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (bytes.starts_with("PK\x03\x04") || is_gzip(bytes) || head.find('\0') != head.npos)
    return fail(ErrorCode::kUsage, source +
                                       ": it is no table of a known form; write CSV, VOTable, "
                                       "JSON or a FITS table, which may be gzipped");
  head = trim(head);
  if (head.starts_with('<')) return visit_votable(bytes, source, visitor, limits);
  if (head.starts_with('[') || head.starts_with('{'))
    return visit_json(bytes, source, visitor, limits);
  return visit_csv(bytes, source, visitor, limits);
}

}  // namespace

Status visit_table(std::string_view bytes, const std::string& source, const RowVisitor& visitor,
                   const Limits& limits) {
  if (bytes.size() > limits.bytes)
    return fail(ErrorCode::kTooLarge, source + ": " + std::to_string(bytes.size()) +
                                          " bytes; at most " + std::to_string(limits.bytes) +
                                          " are read");
  if (!is_gzip(bytes)) return visit_plain(bytes, source, visitor, limits);
  const auto unpacked = gunzip(bytes, source, limits.bytes);
  if (!unpacked) return fail(unpacked.error());
  return visit_plain(*unpacked, source, visitor, limits);
}

Result<Table> read_table(const std::filesystem::path& path, const Limits& limits) {
  const auto bytes = read_file(path, limits.bytes);
  if (!bytes) return fail(bytes.error());
  Table table{path.string(), {}, {}, {}};
  RECORTE_TRY(visit_table(*bytes, table.source, into(table), limits));
  return table;
}

}  // namespace recorte::table
