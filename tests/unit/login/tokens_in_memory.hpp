/// Tokens in memory, of which a user's are listed and can be revoked.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/token.hpp"

#include <map>
#include <string>
#include <vector>

namespace recorte::auth {

class TokensInMemory : public account::Tokens {
 public:
  Status add(const account::Token& token, const std::string& hash) override {
    all[hash] = token;
    return {};
  }
  Result<std::optional<Found>> find(const std::string&) override { return std::nullopt; }
  Result<std::vector<account::Token>> list(const std::string& user) override {
    std::vector<account::Token> out;
    for (const auto& [hash, token] : all)
      if (token.user == user) out.push_back(token);
    return out;
  }
  Status revoke(const std::string& id, const std::string& user) override {
    for (auto& [hash, token] : all)
      if (token.id == id && token.user == user && token.revoked == 0) {
        token.revoked = 1;
        return {};
      }
    return fail(ErrorCode::kNotFound, "there is no token '" + id + "'");
  }
  Status touch(const std::string&, Micros, const std::string&) override { return {}; }
  std::map<std::string, account::Token> all;  ///< by hash
};

}  // namespace recorte::auth
