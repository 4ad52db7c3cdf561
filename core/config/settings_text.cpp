// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/config/settings_table.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace recorte::config {
namespace {

std::string toml_text(const std::string& text) { return nlohmann::json(text).dump(); }

/// "1m30s", which parse_duration reads back.
std::string duration_text(Micros time) {
  constexpr Micros kSecond = 1'000'000;
  constexpr std::array<std::pair<char, Micros>, 3> kUnits{
      {{'d', 86'400 * kSecond}, {'h', 3'600 * kSecond}, {'m', 60 * kSecond}}};
  std::string out;
  for (const auto& [unit, length] : kUnits) {
    if (time >= length) out += std::to_string(time / length) + unit;
    time %= length;
  }
  if (time > 0 || out.empty())
    out += number_text(static_cast<double>(time) / static_cast<double>(kSecond)) + 's';
  return out;
}

template <class List, class Text>
std::string list_toml(const List& list, Text text) {
  std::vector<std::string> out;
  out.reserve(list.size());
  for (const auto& item : list) out.push_back(toml_text(text(item)));
  return "[" + join(out, ", ") + "]";
}

std::string secret_toml(const Secret& secret) {
  if (!secret.given()) return "\"\"";
  const auto* from = secret.from == Secret::From::kFile ? "file" : "env";
  return "{ " + std::string(from) + " = " + toml_text(secret.name) + " }";
}

}  // namespace

std::string number_toml(Kind kind, double value) {
  const auto whole = static_cast<std::int64_t>(value);
  if (kind == Kind::kDuration) return toml_text(duration_text(whole));
  const bool size = kind == Kind::kSize || kind == Kind::kSizeLimit;
  if (size && whole > 0 && whole % 1024 == 0) return toml_text(size_text(whole));
  return static_cast<double>(whole) == value ? std::to_string(whole) : number_text(value);
}

std::string value_toml(const Key& key, const Settings& settings) {
  auto copy = settings;  // the table's fields are for writing too
  switch (key.kind) {
    case Kind::kInteger:
    case Kind::kSize:
    case Kind::kDuration:
      return number_toml(key.kind, static_cast<double>(key.in<std::int64_t>(copy)));
    case Kind::kNumber: return number_toml(key.kind, key.in<double>(copy));
    case Kind::kBool: return key.in<bool>(copy) ? "true" : "false";
    case Kind::kText:
    case Kind::kTextOrSecret: return toml_text(key.in<std::string>(copy));
    case Kind::kPath: return toml_text(key.in<std::filesystem::path>(copy).string());
    case Kind::kTexts:
      return list_toml(key.in<std::vector<std::string>>(copy), [](const auto& s) { return s; });
    case Kind::kPaths:
      return list_toml(key.in<std::vector<std::filesystem::path>>(copy),
                       [](const auto& path) { return path.string(); });
    case Kind::kSecret: return secret_toml(key.in<Secret>(copy));
    case Kind::kLimit:
    case Kind::kSizeLimit: {
      const auto& limit = key.in<std::optional<std::int64_t>>(copy);
      if (!limit) return toml_text("");
      return limit == Settings::kUnlimited ? toml_text("unlimited")
                                           : number_toml(key.kind, static_cast<double>(*limit));
    }
  }
  return {};
}

std::string kind_text(const Key& key) {
  const auto bounds = [&](std::string_view name) {
    return std::string(name) + ", " + number_toml(key.kind, static_cast<double>(key.low)) + " to " +
           number_toml(key.kind, static_cast<double>(key.high));
  };
  const std::string syntax(key.syntax);
  switch (key.kind) {
    case Kind::kInteger: return bounds("whole number");
    case Kind::kSize: return bounds("size");
    case Kind::kDuration: return bounds("duration");
    case Kind::kNumber: return bounds("number");
    case Kind::kBool: return "`true` or `false`";
    case Kind::kText: return "text: " + syntax;
    case Kind::kTextOrSecret: return "text, or where it is: " + syntax;
    case Kind::kTexts: return "list of texts: " + syntax;
    case Kind::kPath: return "path: " + syntax;
    case Kind::kPaths: return "list of paths: " + syntax;
    case Kind::kSecret: return "secret";
    case Kind::kLimit: return bounds("whole number") + ", or `\"unlimited\"`";
    case Kind::kSizeLimit: return bounds("size") + ", or `\"unlimited\"`";
  }
  return {};
}

}  // namespace recorte::config
