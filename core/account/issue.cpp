// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/issue.hpp"

#include "core/base/id.hpp"

#include <utility>

namespace recorte::account {
namespace {

constexpr std::size_t kIdBytes = 8, kLongestName = 100;

}  // namespace

Result<Issued> issue_token(Tokens& tokens, const Keys& keys, Token wanted) {
  Issued out{std::move(wanted), new_token()};
  auto& token = out.token;
  token.id = random_hex(kIdBytes);
  token.created = now_micros();
  token.used = token.revoked = 0;
  if (token.name.size() > kLongestName)
    return fail(ErrorCode::kUsage, "the token's name has more than 100 bytes");
  if (token.expires != 0 && token.expires <= token.created)
    return fail(ErrorCode::kUsage, "the token would be over already");
  RECORTE_TRY(tokens.add(token, keys.key("token").hash_of(out.text)));
  return out;
}

}  // namespace recorte::account
