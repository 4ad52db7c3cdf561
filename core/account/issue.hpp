/// Makes a token: for the command, the admin's interface and the users' page alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/account/token.hpp"

#include <string>

namespace recorte::account {

struct Issued {
  Token token;
  std::string text;  ///< the token itself: shown once, kept nowhere
};
/// `wanted`: its user, name, scopes, expires. kUsage where it would be over already or its name is
/// longer than 100 bytes, kNotFound where there is no such user.
Result<Issued> issue_token(Tokens& tokens, const Keys& keys, Token wanted);

}  // namespace recorte::account
