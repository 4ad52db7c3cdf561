// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/json.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace recorte::table {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

/// Hears the text as events, twice: first for its columns, then for its rows.
class JsonRows : public nlohmann::json_sax<json> {
 public:
  JsonRows(const std::string& source, const RowVisitor& visitor, const Limits& limits)
      : source_(source), visitor_(visitor), limits_(limits) {}

  Status read(std::string_view text) {
    if (!json::sax_parse(text, this)) return fail(std::move(*error_));
    if (!has_rows_)
      return wrong(
          "it has no rows; write an array of objects, such as "
          "[{\"id\": \"a\", \"ra\": 10, \"dec\": 20}]");
    RECORTE_TRY(check_columns(names_, source_, limits_));
    RECORTE_TRY(visitor_.columns(names_));
    telling_ = true;
    place_ = Where::kRoot;
    depth_ = 0;
    rows_ = 0;
    if (!json::sax_parse(text, this)) return fail(std::move(*error_));
    return {};
  }

  bool null() override { return value(""); }
  bool boolean(bool v) override { return value(v ? "true" : "false"); }
  bool number_integer(std::int64_t v) override { return value(std::to_string(v)); }
  bool number_unsigned(std::uint64_t v) override { return value(std::to_string(v)); }
  bool number_float(double, const std::string& v) override { return value(v); }
  bool string(std::string& v) override { return value(std::move(v)); }
  bool binary(json::binary_t&) override { return true; }

  bool start_object(std::size_t) override { return open('{'); }
  bool start_array(std::size_t) override { return open('['); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    if (place_ == Where::kRootObject) section_ = name;
    if (place_ != Where::kRowObject) return true;
    field_ = index_of(name);
    return field_ ? true : stop(ErrorCode::kTooLarge, too_many_columns());
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& why) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …"
    const std::string_view what(why.what());
    const auto end = what.find("] ");
    return stop(ErrorCode::kUsage, std::string(what.substr(end == what.npos ? 0 : end + 2, 300)));
  }

 private:
  enum class Where { kRoot, kRootObject, kIgnored, kNames, kRows, kRowObject, kRowArray, kValues };

  Error located(ErrorCode code, const std::string& why) const {
    const bool in_row = place_ >= Where::kRowObject;
    return {code, (in_row ? Place{rows_, 0}.in(source_) : source_) + ": " + why};
  }
  tl::unexpected<Error> wrong(const std::string& why) const {
    return fail(ErrorCode::kUsage, source_ + ": " + why);
  }
  bool stop(ErrorCode code, const std::string& why) { return stop(located(code, why)); }
  bool stop(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool told(Status status) { return status ? true : stop(std::move(status).error()); }
  std::string too_many_columns() const {
    return "more than " + std::to_string(limits_.columns) + " different columns";
  }

  /// A column of that name, new where it may be; nothing where there are too many.
  std::optional<std::size_t> index_of(const std::string& name) {
    if (const auto known = indices_.find(name); known != indices_.end()) return known->second;
    if (names_.size() == limits_.columns) return {};
    names_.push_back(name);
    return indices_.emplace(name, names_.size() - 1).first->second;
  }

  bool open(char what) {
    if (place_ == Where::kIgnored && ++depth_ > kDeepest)
      return stop(ErrorCode::kUsage, "it is nested too deeply");
    switch (place_) {
      case Where::kRoot:
        place_ = what == '{' ? Where::kRootObject : Where::kRows;
        in_object_ = what == '{';
        has_rows_ = has_rows_ || what == '[';
        return true;
      case Where::kRootObject: return open_section(what);
      case Where::kRows:
        if (static_cast<std::size_t>(rows_) == limits_.rows)
          return stop(too_many_rows(source_, limits_).value());
        ++rows_;
        place_ = what == '{' ? Where::kRowObject : Where::kRowArray;
        fields_.assign(telling_ ? names_.size() : 0, "");
        position_ = 0;
        return true;
      case Where::kRowObject:
      case Where::kRowArray:
        if (what == '{') return stop(ErrorCode::kUsage, "a value is an object; write it as text");
        row_ = place_;
        place_ = Where::kValues;
        several_.clear();
        return true;
      case Where::kNames:
      case Where::kValues:
        return stop(ErrorCode::kUsage, "an array holds another; write a text or a number");
      case Where::kIgnored: return true;
    }
    return true;
  }

  bool open_section(char what) {
    if (what == '[' && section_ == "columns") {
      place_ = Where::kNames;
    } else if (what == '[' && (section_ == "rows" || section_ == "positions")) {
      place_ = Where::kRows;
      has_rows_ = true;
    } else {
      place_ = Where::kIgnored;
      depth_ = 1;
    }
    return true;
  }

  bool close() {
    switch (place_) {
      case Where::kRootObject: place_ = Where::kRoot; return true;
      case Where::kRows: place_ = in_object_ ? Where::kRootObject : Where::kRoot; return true;
      case Where::kNames: place_ = Where::kRootObject; return true;
      case Where::kIgnored:
        if (--depth_ == 0) place_ = Where::kRootObject;
        return true;
      case Where::kValues: {
        place_ = row_;
        return value(join(several_, ","));
      }
      default: break;
    }
    const bool good = !telling_ || end_row();
    place_ = Where::kRows;
    return good;
  }

  bool end_row() {
    const Place place{rows_, 0};
    if (place_ == Where::kRowObject || position_ == declared_.size())
      return told(visitor_.row(fields_, place));
    const auto why = std::to_string(position_) + " values where \"columns\" names " +
                     std::to_string(declared_.size());
    if (!visitor_.bad_row) return stop(ErrorCode::kUsage, why);
    return told(visitor_.bad_row(place, why));
  }

  bool value(std::string text) {
    switch (place_) {
      case Where::kValues: several_.push_back(std::move(text)); return true;
      case Where::kNames: {
        if (telling_) return true;
        const auto index = index_of(text);
        if (!index) return stop(ErrorCode::kTooLarge, too_many_columns());
        if (std::ranges::find(declared_, *index) != declared_.end())
          return stop(ErrorCode::kUsage, "two columns are called '" + names_[*index] + "'");
        declared_.push_back(*index);
        return true;
      }
      case Where::kRowObject:
        if (telling_) fields_[*field_] = std::move(text);
        return true;
      case Where::kRowArray:
        if (telling_ && position_ < declared_.size())
          fields_[declared_[position_]] = std::move(text);
        ++position_;
        return true;
      case Where::kRows:
        return stop(ErrorCode::kUsage, "its rows are no objects; write {\"ra\": 10, \"dec\": 20}");
      default: return true;
    }
  }

  const std::string& source_;
  const RowVisitor& visitor_;
  const Limits& limits_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> indices_;
  std::vector<std::size_t> declared_;  ///< of "columns", in its order
  bool telling_ = false;               ///< the second time
  bool has_rows_ = false, in_object_ = false;
  Where place_ = Where::kRoot;
  Where row_ = Where::kRowObject;  ///< in which an array of values stands
  int depth_ = 0;                  ///< of what is ignored
  std::string section_;            ///< key in the root object
  std::int64_t rows_ = 0;
  std::vector<std::string> fields_, several_;
  std::optional<std::size_t> field_;
  std::size_t position_ = 0;  ///< in a row that is an array
  std::optional<Error> error_;
};

}  // namespace

Status visit_json(std::string_view text, const std::string& source, const RowVisitor& visitor,
                  const Limits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return JsonRows(source, visitor, limits).read(text);
}

}  // namespace recorte::table
