// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/csv.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::table {
namespace {

/// Walks the text a record at a time, keeping count of lines.
class Reader {
 public:
  Reader(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  /// To the next record that is neither blank nor a comment; false at the end.
  bool seek() {
    while (!text_.empty()) {
      const auto end = text_.find('\n');
      const auto line = trim(text_.substr(0, end));
      if (!line.empty() && !line.starts_with('#')) return true;
      ++line_;
      text_.remove_prefix(end == text_.npos ? text_.size() : end + 1);
    }
    return false;
  }

  /// The separator that the record at hand has most of, outside quotes; a comma where it has none.
  char guess() const {
    constexpr std::string_view candidates = ",;\t|";
    std::size_t counts[4] = {};
    bool quoted = false;
    for (const char c : text_.substr(0, text_.find('\n'))) {
      if (c == '"') quoted = !quoted;
      if (const auto at = candidates.find(c); !quoted && at != candidates.npos) ++counts[at];
    }
    return candidates[static_cast<std::size_t>(std::max_element(counts, counts + 4) - counts)];
  }

  Result<std::vector<std::string>> record(char separator) {
    std::vector<std::string> fields;
    start_ = line_;
    while (true) {
      auto field = next_field(separator);
      if (!field) return fail(field.error());
      fields.push_back(std::move(*field));
      if (text_.empty()) break;
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '\n') {
        ++line_;
        break;
      }
    }
    return fields;
  }

  /// Where the last record began.
  int line() const { return start_; }
  std::string place() const { return source_ + ":" + std::to_string(start_); }
  Error error(int line, const std::string& sentence) const {
    return {ErrorCode::kUsage, source_ + ":" + std::to_string(line) + ": " + sentence};
  }

 private:
  /// Up to the separator or the end of the line, neither of which is taken.
  Result<std::string> next_field(char separator) {
    const auto first = text_.find_first_not_of(separator == '\t' ? " " : " \t");
    if (first != text_.npos && text_[first] == '"') {
      text_.remove_prefix(first + 1);
      return quoted_field(separator);
    }
    const auto end = std::min(text_.find_first_of(std::string{separator, '\n'}), text_.size());
    std::string field(trim(text_.substr(0, end)));
    text_.remove_prefix(end);
    return field;
  }

  Result<std::string> quoted_field(char separator) {
    std::string field;
    while (true) {
      const auto quote = text_.find('"');
      if (quote == text_.npos)
        return fail(error(start_, "a quoted field that begins here never ends; close its quote"));
      field += text_.substr(0, quote);
      line_ += static_cast<int>(std::count(text_.begin(), text_.begin() + quote, '\n'));
      text_.remove_prefix(quote + 1);
      if (!text_.starts_with('"')) break;
      field += '"';
      text_.remove_prefix(1);
    }
    const auto end = std::min(text_.find_first_of(std::string{separator, '\n'}), text_.size());
    if (const auto rest = trim(text_.substr(0, end)); !rest.empty())
      return fail(error(line_, "'" + std::string(rest.substr(0, 40)) +
                                   "' follows a closing quote; write a quote inside as \"\""));
    text_.remove_prefix(end);
    return field;
  }

  std::string_view text_;
  std::string source_;
  int line_ = 1, start_ = 1;
};

}  // namespace

Status visit_csv(std::string_view text, const std::string& source, const RowVisitor& visitor,
                 const Limits& limits) {
  Reader reader(text, source);
  if (!reader.seek())
    return fail(ErrorCode::kUsage,
                source + ": the table is empty; its first line names the columns");
  const char separator = reader.guess();
  const auto names = reader.record(separator);
  if (!names) return fail(names.error());
  if (auto good = check_columns(*names, reader.place(), limits); !good)
    return fail(std::move(good).error());
  RECORTE_TRY(visitor.columns(*names));
  for (std::size_t rows = 0; reader.seek(); ++rows) {
    auto row = reader.record(separator);
    if (!row) return fail(row.error());
    if (rows == limits.rows) return too_many_rows(source, limits);
    const Place place{static_cast<std::int64_t>(rows) + 1, reader.line()};
    if (row->size() == names->size()) {
      RECORTE_TRY(visitor.row(*row, place));
      continue;
    }
    const auto why = std::to_string(row->size()) + " fields where the header names " +
                     std::to_string(names->size()) +
                     " columns; quote fields that hold the separator";
    if (!visitor.bad_row) return fail(reader.error(place.line, why));
    RECORTE_TRY(visitor.bad_row(place, why));
  }
  return {};
}

Result<Table> parse_csv(std::string_view text, const std::string& source, const Limits& limits) {
  Table table{source, {}, {}, {}};
  RECORTE_TRY(visit_csv(text, source, into(table), limits));
  return table;
}

}  // namespace recorte::table
