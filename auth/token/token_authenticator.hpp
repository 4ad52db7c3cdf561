/// Tokens of this service, sent as bearer tokens: they are looked up by their hash at each request,
/// so that one that is revoked is no good at once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/account/keys.hpp"
#include "core/account/token.hpp"

namespace recorte::auth {

class TokenAuthenticator : public Authenticator {
 public:
  /// `tokens` must outlive it. `key`: the one for "token".
  TokenAuthenticator(account::Tokens& tokens, account::Key key) : tokens_(tokens), key_(key) {}

  std::string_view name() const override { return "token"; }
  bool quick() const override { return true; }
  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override;

 private:
  account::Tokens& tokens_;
  const account::Key key_;
};

}  // namespace recorte::auth
