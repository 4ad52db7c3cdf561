// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/votable.hpp"

#include "core/base/text.hpp"
#include "core/table/votable_fields.hpp"

#include <expat.h>

#include <exception>
#include <memory>
#include <new>
#include <optional>

namespace recorte::table {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kPiece = 1 << 20;

class Reader {
 public:
  Reader(const std::string& source, const RowVisitor& visitor, const Limits& limits)
      : parser_(XML_ParserCreate(nullptr), XML_ParserFree),
        source_(source),
        visitor_(visitor),
        limits_(limits) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
  }

  Status read(std::string_view text) {
    while (true) {
      const auto piece = text.substr(0, kPiece);
      text.remove_prefix(piece.size());
      const auto status = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()),
                                    text.empty() ? XML_TRUE : XML_FALSE);
      if (thrown_) std::rethrow_exception(thrown_);
      if (error_) return fail(std::move(*error_));
      if (status != XML_STATUS_OK)
        return fail(ErrorCode::kUsage,
                    source_ + ":" + std::to_string(XML_GetCurrentLineNumber(parser_.get())) +
                        ": its XML is broken: " + XML_ErrorString(XML_GetErrorCode(parser_.get())));
      if (text.empty()) break;
    }
    if (!seen_)
      return fail(ErrorCode::kUsage, source_ +
                                         ": it has no TABLE with data; write a VOTable with "
                                         "TABLEDATA, BINARY or BINARY2, or CSV");
    return {};
  }

 private:
  // Expat is C: what is thrown must not pass through it, and waits.
  template <class Work>
  static void safely(void* self, const Work& work) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.error_ || reader.thrown_) return;
    try {
      auto status = work(reader);
      if (status) return;
      reader.error_ = std::move(status).error();
    } catch (...) {
      reader.thrown_ = std::current_exception();
    }
    XML_StopParser(reader.parser_.get(), XML_FALSE);
  }
  static void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    safely(self, [&](Reader& r) { return r.start(local(name), attributes); });
  }
  static void on_end(void* self, const XML_Char* name) {
    safely(self, [&](Reader& r) { return r.end(local(name)); });
  }
  static void on_text(void* self, const XML_Char* text, int size) {
    safely(self, [&](Reader& r) { return r.text({text, static_cast<std::size_t>(size)}); });
  }
  static void on_entity(void* self, const XML_Char*, int, const XML_Char*, int, const XML_Char*,
                        const XML_Char*, const XML_Char*, const XML_Char*) {
    safely(self, [](Reader& r) { return r.wrong("it declares entities, which are refused"); });
  }

  static std::string_view local(std::string_view name) {
    return name.substr(name.find(':') + 1);  // npos + 1 is 0
  }
  static std::string attribute(const XML_Char** attributes, std::string_view name) {
    for (; *attributes; attributes += 2)
      if (name == *attributes) return attributes[1];
    return "";
  }

  Status wrong(const std::string& why) const {
    return fail(ErrorCode::kUsage, source_ + ": " + why);
  }
  Status start(std::string_view name, const XML_Char** attributes);
  Status start_field(const XML_Char** attributes);
  Status start_data();
  Status start_stream(const XML_Char** attributes);
  Status end(std::string_view name);
  Status end_row();
  Status row(std::vector<std::string>& values);
  Status text(std::string_view piece) {
    if (in_cell_) values_.back() += piece;
    if (!in_stream_) return {};
    return stream_->add(piece, [this](auto& values) { return row(values); });
  }

  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  const std::string& source_;
  const RowVisitor& visitor_;
  const Limits& limits_;
  std::optional<Error> error_;
  std::exception_ptr thrown_;
  int depth_ = 0;
  bool in_table_ = false, seen_ = false, in_data_ = false;  ///< seen_: the table that counts
  bool in_row_ = false, in_cell_ = false, in_stream_ = false;
  std::vector<VotableField> fields_;
  std::optional<VotableStream> stream_;
  bool binary2_ = false;
  std::vector<std::string> values_;
  std::int64_t rows_ = 0;
};

Status Reader::start(std::string_view name, const XML_Char** attributes) {
  if (++depth_ > kDeepest) return wrong("its elements are nested too deeply");
  if (name == "TABLE" && !seen_) {
    in_table_ = true;
    fields_.clear();
    return {};
  }
  if (!in_table_) return {};
  if (name == "FIELD") return start_field(attributes);
  if (name == "VALUES" && !fields_.empty() && !in_data_) {
    if (const auto null = attribute(attributes, "null"); !null.empty()) fields_.back().null = null;
    return {};
  }
  if (name == "DATA") return start_data();
  if (!in_data_) return {};
  if (name == "FITS") return wrong("its data are FITS in VOTable; send the FITS table itself");
  if (name == "BINARY" || name == "BINARY2") binary2_ = name == "BINARY2";
  if (name == "STREAM") return start_stream(attributes);
  if (name == "TR") {
    if (in_row_) return wrong("a TR stands in another");
    in_row_ = true;
    values_.clear();
  }
  if (name == "TD" && in_row_) {
    if (values_.size() == limits_.columns) return wrong("a row has too many TD elements");
    in_cell_ = true;
    values_.emplace_back();
  }
  return {};
}

Status Reader::start_field(const XML_Char** attributes) {
  if (in_data_) return {};
  auto name = std::string(trim(attribute(attributes, "name")));
  if (name.empty()) name = attribute(attributes, "ID");
  if (name.empty()) name = "col" + std::to_string(fields_.size() + 1);
  if (fields_.size() == limits_.columns)
    return fail(ErrorCode::kTooLarge,
                source_ + ": more than " + std::to_string(limits_.columns) + " columns");
  auto field =
      votable_field(name, attribute(attributes, "datatype"), attribute(attributes, "arraysize"));
  if (!field) return wrong(field.error().message);
  fields_.push_back(std::move(*field));
  return {};
}

Status Reader::start_data() {
  if (in_data_) return wrong("a DATA stands in another");
  if (fields_.empty()) return wrong("its TABLE has data but no FIELD");
  in_data_ = seen_ = true;
  std::vector<std::string> names;
  for (const auto& field : fields_) names.push_back(field.name);
  RECORTE_TRY(check_columns(names, source_, limits_));
  return visitor_.columns(names);
}

Status Reader::start_stream(const XML_Char** attributes) {
  if (const auto href = attribute(attributes, "href"); !href.empty())
    return wrong("its data lie elsewhere ('" + href.substr(0, 200) + "'); send them inline");
  if (const auto encoding = attribute(attributes, "encoding"); encoding != "base64")
    return wrong("its STREAM has the encoding '" + encoding + "'; inline data are base64");
  if (stream_) return wrong("it has two STREAMs");
  stream_.emplace(source_, fields_, binary2_);
  in_stream_ = true;
  return {};
}

Status Reader::end(std::string_view name) {
  --depth_;
  if (name == "TD") in_cell_ = false;
  if (name == "TR" && in_row_) {
    in_row_ = in_cell_ = false;
    return end_row();
  }
  if (name == "STREAM" && in_stream_) {
    in_stream_ = false;
    return stream_->end();
  }
  if (name == "TABLE" || name == "DATA") {
    in_data_ = false;
    if (name == "TABLE" || seen_) in_table_ = false;
  }
  return {};
}

Status Reader::end_row() {
  if (values_.size() != fields_.size()) {
    const auto why = std::to_string(values_.size()) + " TD elements where the table has " +
                     std::to_string(fields_.size()) + " FIELDs";
    const Place place{++rows_, 0};
    if (visitor_.bad_row) return visitor_.bad_row(place, why);
    return fail(ErrorCode::kUsage, place.in(source_) + ": " + why);
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i] = trim(values_[i]);
    const bool null = !fields_[i].null.empty() && values_[i] == fields_[i].null;
    if (null || (fields_[i].is_real() && equal_ignoring_case(values_[i], "NaN")))
      values_[i].clear();
    if (fields_[i].kind == BinaryKind::kBool && fields_[i].is_scalar() && !values_[i].empty())
      values_[i] = binary_text(BinaryKind::kBool, 1, values_[i], {});  // its first letter tells
  }
  return row(values_);
}

Status Reader::row(std::vector<std::string>& values) {
  if (static_cast<std::size_t>(rows_) == limits_.rows) return too_many_rows(source_, limits_);
  ++rows_;
  return visitor_.row(values, {rows_, 0});
}

}  // namespace

Status visit_votable(std::string_view text, const std::string& source, const RowVisitor& visitor,
                     const Limits& limits) {
  return Reader(source, visitor, limits).read(text);
}

}  // namespace recorte::table
