/// Accounts and tokens in memory, and an authenticator that says what it is told to.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/account/audit.hpp"
#include "core/account/token.hpp"
#include "core/account/user.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::auth {

class FakeAccounts : public account::Accounts {
 public:
  Result<account::User> sign_in(const account::Identity& identity) override {
    if (!up) return fail(ErrorCode::kUnavailable, "the database is away");
    auto user = find(identity.name);
    if (user && !user->enabled) return fail(ErrorCode::kForbidden, "the account is disabled");
    return user;
  }
  Result<account::User> find(const std::string& name) override {
    const auto at = users.find(name);
    if (at == users.end()) return fail(ErrorCode::kNotFound, "no such user");
    return at->second;
  }
  Result<std::vector<account::User>> list() override { return std::vector<account::User>(); }
  Status add(const account::User& user) override {
    users[user.name] = user;
    return {};
  }
  Result<account::User> change(const std::string& name,
                               const std::function<Status(account::User&)>& how) override {
    RECORTE_TRY(how(users[name]));
    return users[name];
  }
  Status remove(const std::string& name) override {
    users.erase(name);
    return {};
  }
  Status link(const std::string&, const std::string&, const std::string&) override { return {}; }
  Result<std::string> password_hash(const std::string& name) override {
    if (!up) return fail(ErrorCode::kUnavailable, "the database is away");
    const auto at = hashes.find(name);
    return at == hashes.end() ? std::string() : at->second;
  }
  Status set_password_hash(const std::string& name, const std::string& hash) override {
    hashes[name] = hash;
    return {};
  }
  Status renew_password_hash(const std::string& name, const std::string& old,
                             const std::string& hash) override {
    if (before_renewal) before_renewal();
    if (hashes[name] == old) hashes[name] = hash;
    return {};
  }
  Result<std::vector<account::Grant>> grants() override {
    const std::lock_guard lock(mutex);
    if (!up) return fail(ErrorCode::kUnavailable, "the database is away");
    return given;
  }
  Status add(const account::Grant& grant) override {
    const std::lock_guard lock(mutex);
    given.push_back(grant);
    return {};
  }
  Status remove(const account::Grant& grant) override {
    const std::lock_guard lock(mutex);
    std::erase(given, grant);
    return {};
  }

  void grant(std::string_view sentence) { (void)add(account::parse_grant(sentence).value()); }
  void user(const std::string& name, std::vector<std::string> groups = {}, bool service = false) {
    account::User out;
    out.name = name;
    out.groups = std::move(groups);
    out.service = service;
    users[name] = out;
  }

  std::map<std::string, account::User> users;
  std::map<std::string, std::string> hashes;
  std::function<void()> before_renewal;
  std::atomic<bool> up = true;

 private:
  std::mutex mutex;
  std::vector<account::Grant> given;
};

class FakeTokens : public account::Tokens {
 public:
  Status add(const account::Token& token, const std::string& hash) override {
    found[hash].token = token;
    found[hash].user.name = token.user;
    return {};
  }
  Result<std::optional<Found>> find(const std::string& hash) override {
    ++asked;
    const auto at = found.find(hash);
    return at == found.end() ? std::nullopt : std::optional(at->second);
  }
  Result<std::vector<account::Token>> list(const std::string&) override {
    return std::vector<account::Token>();
  }
  Status revoke(const std::string&, const std::string&) override { return {}; }
  Status touch(const std::string& id, Micros, const std::string& address) override {
    touched.emplace_back(id, address);
    return touches ? Status() : fail(ErrorCode::kUnavailable, "the disk is full");
  }

  std::map<std::string, Found> found;
  std::vector<std::pair<std::string, std::string>> touched;
  bool touches = true;
  int asked = 0;
};

class FakeAudit : public account::Audit {
 public:
  void add(account::Event event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  Status flush() override { return {}; }
  Result<std::vector<account::Event>> search(const Filter&) override { return events(); }
  std::vector<account::Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<account::Event> events_;
};

class FakeAuthenticator : public Authenticator {
 public:
  using Identify = std::function<Result<std::optional<account::Identity>>(const Credentials&)>;
  FakeAuthenticator(std::string name, bool quick, Identify identify)
      : name_(std::move(name)), quick_(quick), identify_(std::move(identify)) {}
  std::string_view name() const override { return name_; }
  bool quick() const override { return quick_; }
  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override {
    return identify_(credentials);
  }

 private:
  const std::string name_;
  const bool quick_;
  const Identify identify_;
};

inline account::Identity identity(std::string name, std::string method = "token") {
  account::Identity out;
  out.source = account::kOwnSource;
  out.subject = out.name = std::move(name);
  out.method = std::move(method);
  out.credential = "c1";
  return out;
}

inline Credentials bearer(std::string secret, std::string on_behalf_of = "") {
  Credentials out;
  out.kind = Credentials::Kind::kBearer;
  out.secret = std::move(secret);
  out.on_behalf_of = std::move(on_behalf_of);
  out.address = "192.0.2.1";
  return out;
}

inline Credentials basic(std::string user, std::string password) {
  Credentials out;
  out.kind = Credentials::Kind::kBasic;
  out.user = std::move(user);
  out.secret = std::move(password);
  out.address = "192.0.2.1";
  return out;
}

/// Takes bearer tokens that are a user's name; "bad" is no good.
inline std::unique_ptr<Authenticator> names_as_tokens() {
  return std::make_unique<FakeAuthenticator>(
      "token", true, [](const Credentials& c) -> Result<std::optional<account::Identity>> {
        if (c.kind != Credentials::Kind::kBearer || c.secret.starts_with("jwt"))
          return std::nullopt;
        if (c.secret == "bad") return fail(ErrorCode::kUnauthenticated, std::string(kBadToken));
        return identity(c.secret, "oidc");
      });
}

/// Takes Basic: the password is "right", or it is "away".
inline std::unique_ptr<Authenticator> passwords() {
  return std::make_unique<FakeAuthenticator>(
      "ldap", false, [](const Credentials& c) -> Result<std::optional<account::Identity>> {
        if (c.kind != Credentials::Kind::kBasic) return std::nullopt;
        if (c.secret == "away") return fail(ErrorCode::kUnavailable, "the directory is away");
        if (c.secret != "right") return fail(ErrorCode::kUnauthenticated, "wrong");
        return identity(c.user, "ldap");
      });
}

}  // namespace recorte::auth
