// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/user.hpp"

#include "core/base/utf8.hpp"

#include <algorithm>

namespace recorte::account {
namespace {

constexpr std::size_t kLongest = 64;

bool in_names(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-@+").find(c) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> User::groups_at(Micros now, Micros keep) const {
  auto out = groups;
  if (keep == 0 || now - told <= keep)
    out.insert(out.end(), told_groups.begin(), told_groups.end());
  // A source may call its groups anything, but not what a grant on a survey is called.
  std::erase_if(out, [](const std::string& group) { return !may_be_told(group); });
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool may_be_told(std::string_view group) {
  return !group.empty() && group.size() <= kLongestTold && !group.starts_with("survey:");
}

Status check_name(std::string_view name) {
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorCode::kUsage,
                "'" + good_utf8(name.substr(0, kLongest)) + "' cannot be a name: " + why);
  };
  if (name.empty()) return wrong("it is empty");
  if (name.size() > kLongest) return wrong("it has more than 64 characters");
  if (!std::ranges::all_of(name, in_names))
    return wrong("it has others than letters, digits, and . _ - @ +");
  if (name.front() == '-' || name.front() == '.') return wrong("it begins with '-' or '.'");
  if (name == kAnonymous) return wrong("it stands for those who are not signed in");
  return {};
}

Status check_group(std::string_view group) {
  const bool good = may_be_told(group) && is_good_utf8(group) &&
                    std::ranges::none_of(
                        group, [](unsigned char c) { return c <= ' ' || c == ',' || c == 0x7f; });
  if (good) return {};
  return fail(ErrorCode::kUsage,
              "'" + good_utf8(group.substr(0, kLongest)) +
                  "' cannot be a group: 1 to 256 characters without blanks and commas, and not "
                  "'survey:' first");
}

}  // namespace recorte::account
