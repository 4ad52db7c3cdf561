// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/id_token.hpp"

#include "auth/login/exchange.hpp"

#include <cmath>

namespace recorte::auth {
namespace {

using nlohmann::json;

constexpr double kSecond = 1e6;
constexpr std::size_t kLongestSubject = 255;

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(ErrorCode::kForbidden, "the provider's ID token " + what + "; begin again");
}

/// A NumericDate in seconds; nullopt where there is none.
std::optional<double> date(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return {};
  const auto value = found->get<double>();
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Status check_audience(const json& claims, const std::string& client) {
  const auto audience = claims.find("aud");
  bool ours = false, others = false;
  const auto see = [&](const json& one) { (one == json(client) ? ours : others) = true; };
  if (audience != claims.end() && audience->is_array())
    for (const auto& one : *audience) see(one);
  else if (audience != claims.end())
    see(*audience);
  if (!ours) return wrong("is not for this service (aud)");
  const auto party = claims.find("azp");
  if (party == claims.end() ? others : *party != json(client))
    return wrong("was given to another program (azp)");
  return {};
}

Status check_times(const json& claims, Micros leeway, Micros now) {
  const auto seconds = static_cast<double>(now) / kSecond;
  const auto slack = static_cast<double>(leeway) / kSecond;
  const auto end = date(claims, "exp"), made = date(claims, "iat"), begin = date(claims, "nbf");
  if (!end || seconds >= *end + slack)
    return wrong("is over, or does not say until when it is good");
  if (!made || *made > seconds + slack)
    return wrong("is of the future, or does not say when it was made");
  if (claims.contains("nbf") && (!begin || *begin > seconds + slack))
    return wrong("is not good yet");
  return {};
}

}  // namespace

Status check_id_token(const json& claims, const IdTokenRules& rules, Micros now) {
  if (!claims.is_object() || text_member(claims, "iss") != rules.issuer)
    return wrong("is of another issuer");
  const auto subject = text_member(claims, "sub");
  if (subject.empty() || subject.size() > kLongestSubject) return wrong("does not say whose it is");
  RECORTE_TRY(check_audience(claims, rules.client));
  RECORTE_TRY(check_times(claims, rules.leeway, now));
  if (rules.nonce && text_member(claims, "nonce") != *rules.nonce)
    return wrong("is of another sign-in (nonce)");
  return {};
}

}  // namespace recorte::auth
