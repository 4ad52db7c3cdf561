// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/path_template.hpp"

#include "core/base/text.hpp"
#include "core/fits/remote_file.hpp"
#include "core/survey/pattern.hpp"

#include <algorithm>

namespace recorte::survey {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kListedAtOnce = 4096;

bool has_glob(std::string_view name) { return name.find_first_of("*?") != name.npos; }

std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    out += name[i];
  }
  return out;
}

/// "brickname:3" → the column and how much of its text.
std::pair<std::string, std::size_t> column_of(const std::string& field) {
  const auto colon = field.find(':');
  if (colon == field.npos) return {field, field.npos};
  const auto length = to_int(field.substr(colon + 1)).value_or(0);
  return {field.substr(0, colon), static_cast<std::size_t>(std::max<std::int64_t>(0, length))};
}

}  // namespace

Result<PathTemplate> PathTemplate::parse(std::string_view text) {
  PathTemplate out;
  if (text.find("**") != text.npos)
    return fail(ErrorCode::kUsage,
                "'" + std::string(text) + "': a path takes * but not **; name the directories");
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    if (open > 0) out.parts_.push_back({false, std::string(text.substr(0, open))});
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = text.find('}');
    if (close == text.npos || close == 1)
      return fail(ErrorCode::kUsage, "a brace in 'path' names no column; write {tilename}");
    out.parts_.push_back({true, std::string(text.substr(1, close - 1))});
    if (const auto& field = out.parts_.back().text; column_of(field).second == 0)
      return fail(ErrorCode::kUsage, "'{" + field +
                                         "}' in 'path' takes nothing of its column; write "
                                         "{tilename}, or {tilename:3} for its first three "
                                         "characters");
    text.remove_prefix(close + 1);
  }
  return out;
}

std::vector<std::string> PathTemplate::fields() const {
  std::vector<std::string> out;
  for (const auto& part : parts_)
    if (part.field && std::find(out.begin(), out.end(), column_of(part.text).first) == out.end())
      out.push_back(column_of(part.text).first);
  return out;
}

Result<std::string> PathTemplate::fill(
    const std::function<std::string(const std::string&)>& value) const {
  std::string out;
  for (const auto& part : parts_) {
    if (!part.field) {
      out += part.text;
      continue;
    }
    const auto [column, length] = column_of(part.text);
    const auto text = value(column).substr(0, length);
    const auto steps = split(text, '/');
    if (std::find(steps.begin(), steps.end(), "..") != steps.end())
      return fail(ErrorCode::kUsage, "its " + column + ", '" + text + "', leads out of the root");
    for (const char c : text) {
      if (c == '*' || c == '?' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

const std::vector<std::string>& Globber::names(const std::string& directory) {
  if (listed_.size() > kListedAtOnce) listed_.clear();
  const auto [found, added] = listed_.try_emplace(directory);
  if (added) {
    std::error_code error;
    for (fs::directory_iterator entry(root_ / directory, error), end; !error && entry != end;
         entry.increment(error))
      found->second.push_back(entry->path().filename().string());
    std::sort(found->second.begin(), found->second.end(), natural_less);
  }
  return found->second;
}

std::vector<std::string> Globber::find(const std::string& glob) {
  if (fits::is_remote(glob)) return {unescaped(glob)};
  std::vector<std::string> at{glob.starts_with('/') ? "/" : ""};
  std::string_view rest = glob;
  while (!rest.empty()) {
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto step = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (step.empty()) continue;
    std::vector<std::string> next;
    for (const auto& directory : at) {
      const auto below = directory.empty() || directory.back() == '/' ? directory : directory + "/";
      if (!has_glob(step)) {
        next.push_back(below + unescaped(step));
        continue;
      }
      for (const auto& name : names(directory))
        if (glob_match(step, name)) next.push_back(below + name);
    }
    at = std::move(next);
  }
  std::error_code error;
  std::erase_if(at,
                [&](const std::string& path) { return !fs::is_regular_file(root_ / path, error); });
  return at;
}

}  // namespace recorte::survey
