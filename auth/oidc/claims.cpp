// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/claims.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;

constexpr double kLatest = 253'402'300'800;  // seconds; the year 10000

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kUnauthenticated, what);
}

bool is_among(const std::vector<std::string>& all, const json& one) {
  return one.is_string() && std::ranges::find(all, one.get_ref<const std::string&>()) != all.end();
}

/// A time, where it says one.
Result<std::optional<Micros>> time_of(const json& claims, const char* name) {
  const auto claim = claims.find(name);
  if (claim == claims.end()) return std::nullopt;
  const auto odd = std::string("its ") + name + " is no time";
  if (!claim->is_number()) return refuse(odd);
  const auto seconds = claim->get<double>();
  if (!(seconds >= 0 && seconds < kLatest)) return refuse(odd);
  return static_cast<Micros>(seconds * 1e6);
}

Status check_issuer(const json& claims, const Rules& rules) {
  const auto issuer = claims.find("iss");
  if (issuer == claims.end() || *issuer != rules.issuer)
    return refuse("it is not of the issuer " + rules.issuer);
  return {};
}

Status check_times(const json& claims, const Rules& rules, Micros now) {
  const auto exp = time_of(claims, "exp"), nbf = time_of(claims, "nbf"),
             iat = time_of(claims, "iat");
  for (const auto* each : {&exp, &nbf, &iat})
    if (!*each) return fail(each->error());
  if (*exp && **exp + rules.leeway <= now) return refuse("it is over");
  if (*nbf && **nbf - rules.leeway > now) return refuse("it is not valid yet");
  if (*iat && **iat - rules.leeway > now) return refuse("it was made in the future");
  return {};
}

bool is_for_us(const json& claims, const Rules& rules) {
  const auto aud = claims.find("aud");
  if (aud == claims.end()) return false;
  if (!aud->is_array()) return is_among(rules.audiences, *aud);
  return std::any_of(aud->begin(), aud->end(),
                     [&](const json& each) { return is_among(rules.audiences, each); });
}

/// A token says at least one of azp and client_id, and each that it says is right.
Status check_client(const json& claims, const Rules& rules) {
  if (std::ranges::find(rules.clients, "*") != rules.clients.end()) return {};
  bool said = false;
  for (const auto* name : {"azp", "client_id"}) {
    const auto client = claims.find(name);
    if (client == claims.end()) continue;
    said = true;
    if (!is_among(rules.clients, *client)) return refuse("it was given to another client");
  }
  if (!said) return refuse("it does not say to which client it was given");
  return {};
}

/// "scope" as text, or "scp" as some have it, text or list.
std::vector<std::string> scopes_of(const json& claims) {
  std::vector<std::string> out;
  for (const auto* name : {"scope", "scp"}) {
    const auto scope = claims.find(name);
    if (scope == claims.end()) continue;
    if (scope->is_string()) {
      std::ranges::move(split_blanks(scope->get_ref<const std::string&>()),
                        std::back_inserter(out));
    } else if (scope->is_array()) {
      for (const auto& each : *scope)
        if (each.is_string()) out.push_back(each.get<std::string>());
    }
  }
  return out;
}

Status check_scopes(const json& claims, const Rules& rules) {
  const auto has = scopes_of(claims);
  for (const auto& needed : rules.scopes)
    if (std::ranges::find(has, needed) == has.end())
      return refuse("it lacks the scope '" + needed + "'");
  return {};
}

Status check_subject(const json& claims) {
  const auto sub = claims.find("sub");
  if (sub == claims.end() || !sub->is_string() || sub->get_ref<const std::string&>().empty())
    return refuse("it does not say whose it is");
  return {};
}

/// An id_token tells a client who signed in, and is no key to anything; nor are tokens of other
/// kinds that the same issuer signs with the same keys. A header of RFC 9068 says so for certain;
/// Keycloak says it among the claims; of others, only an access token has scopes, and only an
/// id_token what ties it to a sign-in.
Status check_kind(const json& header, const json& claims) {
  const auto stated = header.find("typ");
  const auto kind = stated == header.end() ? "jwt"
                    : stated->is_string()  ? lower(stated->get_ref<const std::string&>())
                                           : std::string();
  if (kind == "at+jwt" || kind == "application/at+jwt") return {};
  if (kind != "jwt" && kind != "application/jwt") return refuse("it is no access token");
  const auto type = claims.find("typ");
  if (type != claims.end()) {
    if (*type == "Bearer") return {};
    return refuse("it is no access token");
  }
  for (const auto* tie : {"nonce", "at_hash", "c_hash", "s_hash"})
    if (claims.contains(tie)) return refuse("it is an id_token, and no access token");
  if (!claims.contains("scope") && !claims.contains("scp"))
    return refuse("it has no scope, as an id_token; an access token is asked for");
  return {};
}

}  // namespace

Status check_access_token(const json& header, const json& claims, const Rules& rules, Micros now) {
  RECORTE_TRY(check_kind(header, claims));
  RECORTE_TRY(check_issuer(claims, rules));
  if (!claims.contains("exp")) return refuse("it has no end");
  RECORTE_TRY(check_times(claims, rules, now));
  if (!is_for_us(claims, rules)) return refuse("it is for another service");
  RECORTE_TRY(check_client(claims, rules));
  RECORTE_TRY(check_scopes(claims, rules));
  return check_subject(claims);
}

Status check_introspection(const json& said, const Rules& rules, Micros now) {
  const auto active = said.find("active");
  if (active == said.end() || *active != true)
    return refuse("its provider does not know it, or it is over or revoked");
  const auto type = said.find("token_type");
  if (type != said.end() &&
      !(type->is_string() && equal_ignoring_case(type->get_ref<const std::string&>(), "bearer")))
    return refuse("it is no access token");
  if (said.contains("iss")) RECORTE_TRY(check_issuer(said, rules));
  RECORTE_TRY(check_times(said, rules, now));
  if (said.contains("aud") && !is_for_us(said, rules)) return refuse("it is for another service");
  RECORTE_TRY(check_client(said, rules));
  return check_scopes(said, rules);
}

Micros end_of(const json& claims) {
  const auto end = time_of(claims, "exp");
  return end ? end->value_or(0) : 0;
}

}  // namespace recorte::auth::oidc
