// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/manifest_forms.hpp"

namespace recorte::batch {
namespace {

/// Blanks around a field would be trimmed by who reads it, and '#' would begin a comment.
std::string csv_field(const std::string& text) {
  const bool plain =
      text.find_first_of(",\"\n\r") == text.npos && trim(text) == text && !text.starts_with('#');
  if (plain) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

class CsvManifest : public FormWriter {
 public:
  using FormWriter::FormWriter;
  Result<std::string> begin(const job::Job&, const Results&) override {
    std::string out;
    line(out, [this](std::size_t i) { return head().name(i); });
    return out;
  }
  void row(const Record& record, std::string& out) override {
    line(out, [&](std::size_t i) { return head().text(record, i); });
  }
  std::string end() override { return ""; }

 private:
  template <class Field>
  void line(std::string& out, const Field& field) const {
    for (std::size_t i = 0; i < head().size(); ++i) {
      if (i > 0) out += ',';
      out += csv_field(field(i));
    }
    out += '\n';
  }
};

/// Of good UTF-8 (RFC 8259, section 7). Manifests are long, and nlohmann's takes twice the time.
std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ') {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Numbers are texts that JSON reads.
std::string value_of(const ManifestHead& head, const Record& record, std::size_t column) {
  const auto text = head.text(record, column);
  const auto* known = head.known(column);
  if (known && known->separator != 0) {
    auto parts = split(text, known->separator);
    for (auto& part : parts) part = json_string(part);
    return "[" + join(parts, ",") + "]";
  }
  if (text.empty() && known) return "null";  // a list's own texts are kept even where empty
  const auto kind = head.kind(column);
  return kind == ValueKind::kWhole || kind == ValueKind::kReal ? text : json_string(text);
}

class JsonManifest : public FormWriter {
 public:
  using FormWriter::FormWriter;
  Result<std::string> begin(const job::Job& job, const Results&) override {
    std::string facts;
    for (const auto& fact : job_facts(job)) {
      facts += facts.empty() ? "" : ",";
      facts += json_string(fact.name) + ":";
      if (fact.number)
        facts += fact.value;
      else
        facts += fact.value.empty() ? "null" : json_string(good_utf8(fact.value));
    }
    return "{\"job\":{" + facts + "},\n\"products\":[";
  }
  void row(const Record& record, std::string& out) override {
    out += first_ ? "\n" : ",\n";
    out += json_row(head(), record);
    first_ = false;
  }
  std::string end() override { return "\n]}\n"; }

 private:
  bool first_ = true;
};

}  // namespace

std::string json_row(const ManifestHead& head, const Record& record) {
  std::string out = "{";
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (i > 0) out += ',';
    out += json_string(head.name(i)) + ":" + value_of(head, record, i);
  }
  return out + "}";
}

std::unique_ptr<FormWriter> csv_manifest(ManifestHead head) {
  return std::make_unique<CsvManifest>(std::move(head));
}
std::unique_ptr<FormWriter> json_manifest(ManifestHead head) {
  return std::make_unique<JsonManifest>(std::move(head));
}

}  // namespace recorte::batch
