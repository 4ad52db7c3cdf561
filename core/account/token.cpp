// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/token.hpp"

#include "core/base/secret.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>

namespace recorte::account {
namespace {

constexpr std::string_view kPrefix = "rct_", kSurvey = "survey:";
constexpr std::size_t kSecretBytes = 32, kSecretText = 43;

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

Result<Scopes> parse_scopes(const std::vector<std::string>& words) {
  Scopes out{false, false, false, {}};
  for (const auto& word : words) {
    if (word == "read") {
      out.read = true;
    } else if (word == "submit") {
      out.submit = true;
    } else if (word == "admin") {
      out.admin = true;
    } else if (word.starts_with(kSurvey) && check_name(word.substr(kSurvey.size()))) {
      out.surveys.push_back(word.substr(kSurvey.size()));
    } else {
      return fail(ErrorCode::kUsage, "'" + good_utf8(word.substr(0, 80)) +
                                         "' is no scope; use read, submit, admin, survey:NAME");
    }
  }
  if (!out.read && !out.submit && !out.admin)
    return fail(ErrorCode::kUsage,
                "with these scopes nothing can be done; name one of read, submit, admin");
  std::ranges::sort(out.surveys);
  out.surveys.erase(std::unique(out.surveys.begin(), out.surveys.end()), out.surveys.end());
  return out;
}

std::vector<std::string> scope_words(const Scopes& scopes) {
  std::vector<std::string> out;
  if (scopes.read) out.emplace_back("read");
  if (scopes.submit) out.emplace_back("submit");
  if (scopes.admin) out.emplace_back("admin");
  for (const auto& survey : scopes.surveys) out.push_back(std::string(kSurvey) + survey);
  return out;
}

std::string new_token() { return std::string(kPrefix) + random_base64url(kSecretBytes); }

bool looks_like_token(std::string_view text) {
  return text.size() == kPrefix.size() + kSecretText && text.starts_with(kPrefix) &&
         std::ranges::all_of(text.substr(kPrefix.size()), is_base64url);
}

}  // namespace recorte::account
