// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/pattern.hpp"

#include <algorithm>
#include <cctype>

namespace recorte::survey {
namespace {

bool name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  Pattern out;
  out.text_ = text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "**/") {
      out.parts_.push_back({Kind::kTree});
      i += 2;
    } else if (text[i] == '*') {
      out.parts_.push_back({Kind::kStar});
    } else if (text[i] == '?') {
      out.parts_.push_back({Kind::kOne});
    } else if (text[i] == '{') {
      const auto end = text.find('}', i);
      const std::string name(text.substr(i + 1, end == text.npos ? 0 : end - i - 1));
      if (name.empty() || !std::all_of(name.begin(), name.end(), name_character))
        return fail(ErrorCode::kUsage,
                    "'" + std::string(text) + "' has a brace that names no field; write {band}");
      const auto found = std::find(out.names_.begin(), out.names_.end(), name);
      out.repeats_ |= found != out.names_.end();
      out.parts_.push_back({Kind::kField, 0, static_cast<std::size_t>(found - out.names_.begin())});
      if (found == out.names_.end()) out.names_.push_back(name);
      i = end;
    } else {
      out.parts_.push_back({Kind::kLiteral, text[i]});
    }
  }
  if (out.parts_.empty())
    return fail(ErrorCode::kUsage, "an empty pattern matches no file; write \"**/*.fits\"");
  return out;
}

bool Pattern::has(std::string_view field) const {
  return std::find(names_.begin(), names_.end(), field) != names_.end();
}

/// Depth first, shortest first; what failed once is not tried again.
struct Pattern::Search {
  const Pattern& pattern;
  std::string_view path;
  std::vector<std::optional<std::string_view>> values{pattern.names_.size(), std::nullopt};
  std::vector<bool> failed = std::vector<bool>((pattern.parts_.size() + 1) * (path.size() + 1));

  bool from(std::size_t part, std::size_t at) {
    if (part == pattern.parts_.size()) return at == path.size();
    const auto state = part * (path.size() + 1) + at;
    if (failed[state]) return false;
    const bool found = step(part, at);
    if (!found && !pattern.repeats_) failed[state] = true;
    return found;
  }

  bool step(std::size_t part, std::size_t at) {
    const auto& [kind, literal, field] = pattern.parts_[part];
    const bool more = at < path.size();
    switch (kind) {
      case Kind::kLiteral: return more && path[at] == literal && from(part + 1, at + 1);
      case Kind::kOne: return more && path[at] != '/' && from(part + 1, at + 1);
      case Kind::kStar:
        return from(part + 1, at) || (more && path[at] != '/' && from(part, at + 1));
      case Kind::kTree: {
        if (from(part + 1, at)) return true;
        const auto slash = path.find('/', at);
        return slash != path.npos && from(part, slash + 1);
      }
      case Kind::kField: return take(part, at, field);
    }
    return false;
  }

  bool take(std::size_t part, std::size_t at, std::size_t field) {
    if (values[field]) {
      const auto value = *values[field];
      return path.substr(at).starts_with(value) && from(part + 1, at + value.size());
    }
    for (auto end = at + 1; end <= path.size() && path[end - 1] != '/'; ++end) {
      values[field] = path.substr(at, end - at);
      if (from(part + 1, end)) return true;
    }
    values[field].reset();
    return false;
  }
};

std::optional<PatternMatch> Pattern::match(std::string_view path) const {
  Search search{*this, path};
  if (!search.from(0, 0)) return {};
  PatternMatch out;
  out.family = path;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    out.fields[names_[i]] = *search.values[i];
    if (names_[i] == "product")
      out.family.erase(static_cast<std::size_t>(search.values[i]->data() - path.data()),
                       search.values[i]->size());
  }
  return out;
}

bool glob_match(std::string_view glob, std::string_view name) {
  std::size_t g = 0, n = 0;
  std::size_t star = glob.npos, resume = 0;
  while (n < name.size()) {
    const bool escaped = g + 1 < glob.size() && glob[g] == '\\';
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = n;
    } else if (g < glob.size() &&
               (escaped ? glob[g + 1] == name[n] : glob[g] == '?' || glob[g] == name[n])) {
      g += escaped ? 2 : 1;
      ++n;
    } else if (star != glob.npos) {
      g = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace recorte::survey
