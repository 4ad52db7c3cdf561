// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/authenticator.hpp"

#include "auth/ldap/directory.hpp"
#include "auth/verdicts/verdicts.hpp"
#include "core/account/user.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace recorte::auth::ldap {
namespace {

constexpr std::size_t kLongestName = 256, kLongestPassword = 1'024;

/// Directories compare names without regard to case, to blanks at the ends and to forms of letters:
/// of those spellings, one, so that nobody has as many tries at a password as a name has spellings.
bool may_be_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name == trim(name) &&
         name.find("  ") == name.npos &&
         std::ranges::all_of(name, [](char c) { return c >= ' ' && c < 0x7f; });
}

bool may_be_one(const Credentials& credentials) {
  const auto& password = credentials.secret;
  return may_be_name(credentials.user) && !password.empty() &&
         password.size() <= kLongestPassword && password.find('\0') == password.npos;
}

Verdicts::Verdict identity_of(Person person) {
  if (!account::check_name(person.user))
    return fail(ErrorCode::kForbidden,
                "the directory calls you '" + good_utf8(person.user) +
                    "', which can be no account's name here: letters, digits and . _ - @ +, 64 at "
                    "most; ask an administrator");
  account::Identity out;
  out.source = "ldap";
  out.subject = std::move(person.subject);
  out.name = std::move(person.user);
  out.email = std::move(person.email);
  out.groups = std::move(person.groups);
  out.method = "ldap";
  return out;
}

class LdapAuthenticator : public Authenticator {
 public:
  LdapAuthenticator(Judge judge, Micros cache)
      : judge_(std::move(judge)), verdicts_({.keep = cache}) {}

  std::string_view name() const override { return "ldap"; }

  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override {
    if (credentials.kind != Credentials::Kind::kBasic) return std::nullopt;
    if (!may_be_one(credentials)) return fail(wrong_password());
    return verdicts_.get({credentials.user, credentials.secret},
                         [&] { return asked(credentials); });
  }

 private:
  Verdicts::Verdict asked(const Credentials& credentials) const {
    auto judged = judge_(credentials.user, credentials.secret);
    if (judged) return *judged ? identity_of(std::move(**judged)) : fail(wrong_password());
    log::write(log::Level::kWarn, "the directory could not be asked about a password",
               {{"why", judged.error().message}, {"request_id", credentials.request_id}});
    if (judged.error().code != ErrorCode::kUnavailable)
      return fail(ErrorCode::kForbidden,
                  "the directory says too little about you for an account; ask an administrator");
    return fail(ErrorCode::kUnavailable,
                "nobody can be signed in with a password at present, as the directory does not "
                "answer; try again in a while");
  }

  const Judge judge_;
  Verdicts verdicts_;
};

}  // namespace

std::unique_ptr<Authenticator> authenticator(Judge judge, Micros cache) {
  return std::make_unique<LdapAuthenticator>(std::move(judge), cache);
}

Result<std::unique_ptr<Authenticator>> authenticator(const config::LdapSettings& settings) {
  const auto secret = config::read_secret(settings.secret);
  if (!secret) return fail(secret.error());
  auto directory = std::make_shared<Directory>(settings, *secret);
  return authenticator(
      [directory](const std::string& user, const std::string& password) {
        return directory->judge(user, password);
      },
      settings.cache);
}

Status check(const config::LdapSettings& settings) {
  const auto secret = config::read_secret(settings.secret);
  if (!secret) return fail(secret.error());
  return Directory(settings, *secret).check();
}

}  // namespace recorte::auth::ldap
