// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/manifest_forms.hpp"

#include <nlohmann/json.hpp>

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

using Json = nlohmann::ordered_json;

/// Numbers are texts that JSON reads.
std::string value_of(const ManifestHead& head, const Record& record, std::size_t column) {
  auto text = head.text(record, column);
  const auto* known = head.known(column);
  if (known && known->separator != 0) return Json(split(text, known->separator)).dump();
  if (text.empty() && known) return "null";  // a list's own texts are kept even where empty
  const auto kind = head.kind(column);
  if (kind == ValueKind::kWhole || kind == ValueKind::kReal) return text;
  return Json(std::move(text)).dump();
}

class JsonManifest : public FormWriter {
 public:
  using FormWriter::FormWriter;
  Result<std::string> begin(const job::Job& job, const Results&) override {
    Json facts;
    for (const auto& [name, value] : job_facts(job)) {
      const auto number =
          name == "id" || name == "run_id" || name == "list" ? std::nullopt : to_int(value);
      if (number)
        facts[name] = *number;
      else if (value.empty())
        facts[name] = nullptr;
      else
        facts[name] = good_utf8(value);
    }
    return "{\"job\":" + facts.dump() + ",\n\"products\":[";
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
    out += Json(head.name(i)).dump() + ":" + value_of(head, record, i);
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
