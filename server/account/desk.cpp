// SPDX-License-Identifier: BSD-3-Clause
#include "server/account/desk.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <utility>

namespace recorte::account_face {
namespace {

using account::Principal;
using account::Scopes;
using account::Token;

constexpr std::size_t kLongestName = 100;

Result<std::string> checked_name(const std::string& name) {
  const std::string out(trim(name));
  if (out.empty())
    return fail(ErrorCode::kUsage, "the token has no name; give it one to know it by");
  const bool plain =
      std::ranges::all_of(out, [](unsigned char c) { return c >= ' ' && c != 0x7F; });
  if (out.size() > kLongestName || !plain || !is_good_utf8(out))
    return fail(ErrorCode::kUsage, "a token's name is one line of at most " +
                                       std::to_string(kLongestName) + " bytes of UTF-8");
  return out;
}

Result<Micros> life_of(const std::string& text) {
  if (trim(text).empty()) return kUsualLife;
  const auto life = parse_duration(text);
  if (!life) return fail(life.error());
  if (*life <= 0 || *life > kLongestLife)
    return fail(ErrorCode::kUsage, "a token is good for at most 366d, and '" +
                                       good_utf8(text.substr(0, 40)) +
                                       "' is not within; an admin makes others: recorte token "
                                       "create");
  return *life;
}

}  // namespace

Status check_revoke(const Principal& principal, const std::string& id) {
  const auto& scopes = principal.scopes;
  if (principal.credential == id || (scopes.submit && scopes.surveys.empty())) return {};
  return fail(
      ErrorCode::kForbidden,
      "this token may revoke itself alone: another takes one with the scope submit, and for "
      "every survey");
}

Status check_within(const Scopes& wanted, const Principal& maker) {
  const auto refuse = [](const std::string& what) {
    return fail(ErrorCode::kForbidden, "you may not give a token the scope " + what +
                                           ", as you have not got it yourself here");
  };
  const auto& own = maker.scopes;
  if (wanted.read && !own.read) return refuse("read");
  if (wanted.submit && !own.submit) return refuse("submit");
  if (wanted.admin && !maker.admin) return refuse("admin");
  if (own.surveys.empty()) return {};
  if (wanted.surveys.empty())
    return fail(ErrorCode::kForbidden, "what you came with is for the surveys " +
                                           join(own.surveys, ", ") +
                                           " alone; name one of them, as survey:NAME");
  for (const auto& survey : wanted.surveys)
    if (std::ranges::find(own.surveys, survey) == own.surveys.end())
      return refuse("survey:" + survey);
  return {};
}

Scopes usual_scopes(const Principal& maker) {
  return {maker.scopes.read, maker.scopes.submit, false, maker.scopes.surveys};
}

Result<std::vector<Token>> good_tokens(account::Tokens& tokens, const std::string& user,
                                       Micros now) {
  auto all = tokens.list(user);
  if (all)
    std::erase_if(*all, [&](const Token& each) {
      return each.revoked != 0 || (each.expires != 0 && each.expires <= now);
    });
  return all;
}

Result<account::Issued> make_token(account::Tokens& tokens, const account::Keys& keys,
                                   const Principal& maker, const Wish& wish, Micros now) {
  auto name = checked_name(wish.name);
  if (!name) return fail(std::move(name).error());
  const auto scopes = wish.scopes.empty() ? Result<Scopes>(usual_scopes(maker))
                                          : account::parse_scopes(wish.scopes);
  if (!scopes) return fail(scopes.error());
  RECORTE_TRY(check_within(*scopes, maker));
  const auto life = life_of(wish.expires);
  if (!life) return fail(life.error());
  const auto others = good_tokens(tokens, maker.user, now);
  if (!others) return fail(others.error());
  if (others->size() >= kMostTokens)
    return fail(ErrorCode::kUsage, "you have " + std::to_string(others->size()) +
                                       " tokens, as many as there may be; revoke one first");
  Token wanted;
  wanted.user = maker.user;
  wanted.name = std::move(*name);
  wanted.scopes = *scopes;
  wanted.expires = now + *life;
  // What a token makes ends with it, or it would never end.
  if (maker.ends != 0) wanted.expires = std::min(wanted.expires, maker.ends);
  const bool revoked =
      maker.method == "token" && !std::ranges::count(*others, maker.credential, &Token::id);
  if (revoked || wanted.expires <= now)
    return fail(ErrorCode::kUnauthenticated,
                "the token that you came with has just ended or been revoked; sign in, or take "
                "another");
  return account::issue_token(tokens, keys, std::move(wanted));
}

}  // namespace recorte::account_face
