/// An OpenID provider in memory, which answers as it is told, and the stores that a sign-in needs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/login/login.hpp"
#include "core/account/session.hpp"

#include <map>
#include <string>
#include <vector>

namespace recorte::auth {

/// Tokens are "signed:" and their claims.
struct FakeProvider {
  explicit FakeProvider(std::string of, Micros& now) : name(std::move(of)), clock(now) {}

  std::string name;
  Micros& clock;
  net::OpenidProvider endpoints{"https://" + name + ".example",
                                "https://" + name + ".example/keys",
                                "https://" + name + ".example/auth",
                                "https://" + name + ".example/token",
                                "https://" + name + ".example/device",
                                "",
                                "https://" + name + ".example/me",
                                "",
                                true,
                                false};
  nlohmann::json claims;    ///< of the next ID token; its nonce is the test's to set
  nlohmann::json userinfo;  ///< 401 where it is null
  net::JsonAnswer refusal;  ///< of the token endpoint, where its status is not 0
  bool away = false;
  std::vector<net::JsonCall> calls;

  /// As a sign-in would have it, with that nonce.
  void say(const std::string& nonce, const std::string& subject = "7");
  Provider provider(const std::string& secret = "the secret");
  const net::JsonCall& last(const std::string& url_end) const;
};

/// The value of a parameter of a URL or of a form; "" where there is none.
std::string parameter_of(const std::string& url, const std::string& name);
std::string field_of(const net::JsonCall& call, const std::string& name);

class SpentInMemory : public account::Spent {
 public:
  Result<bool> spend(const std::string& hash, Micros expires, Micros) override {
    return all.emplace(hash, expires).second;
  }
  std::map<std::string, Micros> all;
};

class SessionsInMemory : public account::Sessions {
 public:
  Status add(const account::Session& session, const std::string& hash, Micros) override {
    all[hash] = session;
    return {};
  }
  Result<std::optional<account::Session>> find(const std::string& hash) override {
    const auto found = all.find(hash);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::vector<account::Session>> list(const std::string& user) override {
    std::vector<account::Session> out;
    for (const auto& [hash, session] : all)
      if (session.user == user) out.push_back(session);
    return out;
  }
  Status touch(const std::string& id, Micros now, const std::string& address) override {
    ++touched;
    for (auto& [hash, session] : all)
      if (session.id == id) {
        session.seen = now;
        session.address = address;
      }
    return {};
  }
  Status end(const std::string& id, const std::string& user) override {
    const auto gone = std::erase_if(
        all, [&](const auto& each) { return each.second.id == id && each.second.user == user; });
    if (gone > 0) return {};
    return fail(ErrorCode::kNotFound, "you have no session '" + id + "'");
  }
  std::map<std::string, account::Session> all;
  int touched = 0;
};

}  // namespace recorte::auth
