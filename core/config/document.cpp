// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/document.hpp"

#define TOML_EXCEPTIONS 0
#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <sstream>

namespace recorte::config {
namespace {

constexpr std::size_t kLargestFile = 16U << 20;

nlohmann::json convert(const toml::node& node, const std::string& pointer, Document& document) {
  // A dotted or implied table has no place of its own; line() then asks what holds it.
  if (node.source().begin.line > 0)
    document.lines[pointer] = static_cast<int>(node.source().begin.line);
  if (const auto* table = node.as_table()) {
    auto out = nlohmann::json::object();
    for (const auto& [key, value] : *table) {
      const auto step = pointer + pointer_step(key.str());
      out[std::string(key.str())] = convert(value, step, document);
      if (key.source().begin.line > 0)
        document.lines[step] = static_cast<int>(key.source().begin.line);
    }
    return out;
  }
  if (const auto* array = node.as_array()) {
    auto out = nlohmann::json::array();
    for (std::size_t i = 0; i < array->size(); ++i)
      out.push_back(convert((*array)[i], pointer + '/' + std::to_string(i), document));
    return out;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  std::ostringstream out;
  if (const auto* date = node.as_date()) out << date->get();
  if (const auto* time = node.as_time()) out << time->get();
  if (const auto* moment = node.as_date_time()) out << moment->get();
  return out.str();
}

/// Adds to `table` what it lacks of `defaults`.
void complete(nlohmann::json& table, const nlohmann::json& defaults, const std::string& pointer,
              const std::set<std::string>& whole, Document& document) {
  for (const auto& [key, value] : defaults.items()) {
    const auto step = pointer + pointer_step(key);
    const auto found = table.find(key);
    if (found == table.end()) {
      table[key] = value;
      document.lines[step] = 0;
    } else if (found->is_object() && value.is_object() && !whole.contains(pointer)) {
      complete(*found, value, step, whole, document);
    }
  }
}

}  // namespace

Document Document::completed(const nlohmann::json& defaults, const std::string& of,
                             const std::set<std::string>& whole) const {
  auto out = *this;
  auto all = *value;
  complete(all, defaults, "", whole, out);
  out.value = std::make_shared<const nlohmann::json>(std::move(all));
  out.defaults_of = of;
  return out;
}

bool Document::is_default(std::string_view pointer) const { return nearest(pointer) == 0; }

std::optional<int> Document::nearest(std::string_view pointer) const {
  while (true) {
    if (auto found = lines.find(pointer); found != lines.end()) return found->second;
    const auto slash = pointer.rfind('/');
    if (slash == pointer.npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

int Document::line(std::string_view pointer) const { return nearest(pointer).value_or(0); }

std::string Document::where(std::string_view pointer) const {
  const int at = line(pointer);
  return at > 0 ? path.string() + ":" + std::to_string(at) : path.string();
}

Error Document::error(std::string_view pointer, std::string_view sentence) const {
  return {ErrorCode::kUsage,
          where(pointer) + ": " + std::string(sentence) +
              (is_default(pointer) ? " (a default of " + defaults_of + ")" : "")};
}

std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Result<Document> parse_toml(std::string_view text, const std::filesystem::path& path) {
  const auto parsed = toml::parse(text, path.string());
  if (!parsed) {
    const auto& error = parsed.error();
    return fail(ErrorCode::kUsage, path.string() + ":" + std::to_string(error.source().begin.line) +
                                       ": this is not TOML: " + std::string(error.description()));
  }
  Document document{path, nullptr};
  document.value = std::make_shared<const nlohmann::json>(convert(parsed.table(), "", document));
  return document;
}

Result<Document> read_toml(const std::filesystem::path& path) {
  auto text = read_file(path, kLargestFile);
  if (!text) return fail(text.error());
  return parse_toml(*text, path);
}

}  // namespace recorte::config
