// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/json_members.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>

namespace recorte::api {
namespace {

using nlohmann::json;

/// Values in values: what is built of them is copied and printed by calls in calls.
constexpr int kDeepest = 64;

/// Where the value that begins at `at` ends: at the comma or bracket that follows it; the end of
/// the text where it is nested too deeply. The text is JSON, so that brackets outside strings
/// match.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) return text.size();
    } else if (c == ']' || c == '}') {
      if (--depth < 0) return at;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return at;
}

/// Why it cannot be read, with the place.
std::string complaint(std::string_view text) {
  try {
    [[maybe_unused]] const auto nothing =
        json::parse(text, [](int, json::parse_event_t, json&) { return false; });
  } catch (const json::exception& e) {
    return e.what();
  }
  return "";
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view text) {
  const auto whole = trim(text);
  // The library takes a NUL for the end, and looks at nothing behind it.
  if (whole.find('\0') != whole.npos)
    return fail(ErrorCode::kUsage, "the body is no JSON: it has a byte 0");
  if (!json::accept(whole))
    return fail(ErrorCode::kUsage, "the body is no JSON: " + complaint(whole));
  if (!whole.starts_with('{'))
    return fail(ErrorCode::kUsage,
                R"(the body is no JSON object; write {"survey": "demo", "positions": [...]})");
  std::vector<std::pair<std::string, std::string_view>> out;
  // After the bracket, and after each comma: "name": value.
  for (std::size_t at = 1; at < whole.size();) {
    const auto name_at = whole.find_first_of("\"}", at);
    if (name_at == whole.npos || whole[name_at] == '}') break;
    auto name_end = name_at + 1;
    while (whole[name_end] != '"') name_end += whole[name_end] == '\\' ? 2 : 1;
    const auto value_at = whole.find(':', name_end) + 1;
    const auto value_end = end_of_value(whole, value_at);
    if (value_end == whole.size())
      return fail(ErrorCode::kUsage, "the body has values in more than " +
                                         std::to_string(kDeepest) + " others; nest them less");
    out.emplace_back(json::parse(whole.substr(name_at, name_end + 1 - name_at)).get<std::string>(),
                     trim(whole.substr(value_at, value_end - value_at)));
    at = value_end + 1;
  }
  return out;
}

}  // namespace recorte::api
