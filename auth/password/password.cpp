// SPDX-License-Identifier: BSD-3-Clause
#include "auth/password/password.hpp"

#include "auth/verdicts/verdicts.hpp"
#include "core/base/log.hpp"

#include <utility>

namespace recorte::auth {
namespace {

class PasswordAuthenticator : public Authenticator {
 public:
  PasswordAuthenticator(account::Accounts& accounts, Passwords& passwords, PasswordOptions options)
      : accounts_(accounts),
        passwords_(passwords),
        options_(options),
        verdicts_({.keep = options.cache}) {}

  std::string_view name() const override { return "password"; }

  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override {
    if (credentials.kind != Credentials::Kind::kBasic) return std::nullopt;
    const auto kept = kept_hash(credentials.user);
    if (!kept) return fail(kept.error());
    return verdicts_.get({credentials.user, credentials.secret, *kept},
                         [&] { return judged(credentials, *kept); });
  }

 private:
  /// "" where there is none, or no such user.
  Result<std::string> kept_hash(const std::string& user) {
    if (!account::check_name(user)) return std::string();
    return accounts_.password_hash(user);
  }

  Verdicts::Verdict judged(const Credentials& credentials, const std::string& kept) {
    const auto right = passwords_.verify(credentials.secret, kept);
    if (!right) return fail(right.error());
    if (kept.empty() && !options_.last) return std::nullopt;
    if (!*right) return fail(wrong_password());
    if (passwords_.outdated(kept)) renew(credentials, kept);
    account::Identity out;
    out.source = account::kOwnSource;
    out.subject = out.name = credentials.user;
    out.method = "password";
    return out;
  }

  /// For the next time; whoever signs in need not wait until it succeeds.
  void renew(const Credentials& credentials, const std::string& kept) {
    const auto made = passwords_.hash(credentials.secret);
    const auto put = made ? accounts_.renew_password_hash(credentials.user, kept, *made)
                          : Status(fail(made.error()));
    if (!put)
      log::write(log::Level::kWarn, "a password's hash could not be made anew",
                 {{"user", credentials.user}, {"why", put.error().message}});
  }

  account::Accounts& accounts_;
  Passwords& passwords_;
  const PasswordOptions options_;
  Verdicts verdicts_;
};

}  // namespace

std::unique_ptr<Authenticator> password_authenticator(account::Accounts& accounts,
                                                      Passwords& passwords,
                                                      PasswordOptions options) {
  return std::make_unique<PasswordAuthenticator>(accounts, passwords, options);
}

}  // namespace recorte::auth
