// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/mail_address.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::config {
namespace {

constexpr std::string_view kAlphanumeric =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kLongestName = 64, kLongestDomain = 253, kLongest = 254;

bool only(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return kAlphanumeric.find(c) != kAlphanumeric.npos || more.find(c) != more.npos;
  });
}

/// Parts with dots between them, each of at most so many of these characters.
bool is_dotted(std::string_view text, std::size_t longest, std::string_view more) {
  const auto parts = split(text, '.');
  return !parts.empty() && std::ranges::all_of(parts, [&](const std::string& part) {
    return !part.empty() && part.size() <= longest && only(part, more);
  }) && only(text, std::string(more) + ".");
}

bool is_domain(std::string_view text) {
  const auto parts = split(text, '.');
  return text.size() <= kLongestDomain && is_dotted(text, 63, "-") &&
         std::ranges::none_of(parts, [](const std::string& part) {
           return part.front() == '-' || part.back() == '-';
         });
}

/// For complaints: nothing in it moves a terminal or ends a line.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, 100));
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' ' || c >= 0x7F; }, '?');
  return "'" + out + "'";
}

}  // namespace

Result<std::string> parse_mail_address(std::string_view text) {
  const auto whole = trim(text);
  const auto at = whole.find('@');
  const bool good = at != whole.npos && whole.size() <= kLongest && at <= kLongestName &&
                    is_dotted(whole.substr(0, at), kLongestName, "!#$%&'*+-/=?^_`{|}~") &&
                    is_domain(whole.substr(at + 1));
  if (!good)
    return fail(ErrorCode::kUsage,
                shown(text) + " is no mail address; write it as name@example.org");
  return std::string(whole.substr(0, at + 1)) + lower(whole.substr(at + 1));
}

Result<std::string> parse_mail_domain(std::string_view text) {
  const auto whole = trim(text);
  if (whole == "*") return std::string(whole);
  if (!is_domain(whole))
    return fail(ErrorCode::kUsage, shown(text) +
                                       " is no domain; write what stands behind the @, as "
                                       "example.org, or * for any");
  return lower(whole);
}

}  // namespace recorte::config
