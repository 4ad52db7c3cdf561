// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/sums.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::bundle {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+@";
constexpr std::size_t kDigits = 64;

/// A name from somewhere, so that it can be printed.
std::string shown(std::string_view name) {
  std::string out(name.substr(0, kLongestName));
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out + (name.size() > kLongestName ? "…" : "");
}

}  // namespace

Status check_member_name(std::string_view name) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::kData, "a bundle holds no file called '" + shown(name) + "': " + why);
  };
  if (name.size() > kLongestName)
    return refuse("a name has at most " + std::to_string(kLongestName) + " bytes");
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('/', begin), name.size());
    const auto part = name.substr(begin, end - begin);
    if (part.empty() || part[0] == '.' || part.find_first_not_of(kLetters) != part.npos)
      return refuse(
          "a name is made of letters, digits and . _ - + @, and no part of it is empty or begins "
          "with a dot");
    begin = end + 1;
  }
  return {};
}

std::string sums_text(const Sums& sums) {
  std::string out;
  for (const auto& [name, digits] : sums) out += digits + "  " + name + "\n";
  return out;
}

Result<Sums> parse_sums(std::string_view text) {
  Sums out;
  int line = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto row = text.substr(0, end);
    ++line;
    const auto digits = row.substr(0, kDigits);
    const bool good = end != text.npos && row.size() > kDigits + 2 &&
                      digits.find_first_not_of("0123456789abcdef") == digits.npos &&
                      row.substr(kDigits, 2) == "  ";
    const auto name = good ? row.substr(kDigits + 2) : std::string_view();
    if (!good || name == kSums || name == kSignature || out.size() == kMostMembers ||
        !out.emplace(name, digits).second)
      return fail(ErrorCode::kData, "line " + std::to_string(line) + " of its " +
                                        std::string(kSums) + " is not what sha256sum writes");
    RECORTE_TRY(check_member_name(name));
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace recorte::bundle
