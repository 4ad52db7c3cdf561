// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/provider.hpp"

#include "auth/oidc/identity.hpp"
#include "core/account/user.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/net/json_call.hpp"

#include <algorithm>
#include <utility>

namespace recorte::auth::oidc {
namespace {

constexpr std::size_t kMostVerdicts = 10'000, kLongestAnswer = 512 << 10, kPublicId = 16;
constexpr Micros kKeepRefusals = 10'000'000;

std::vector<std::string> or_client(const std::vector<std::string>& given,
                                   const config::OidcSettings& settings) {
  return given.empty() ? std::vector{settings.client} : given;
}

Rules rules_of(const config::OidcSettings& settings) {
  return {settings.issuer, or_client(settings.audiences, settings),
          or_client(settings.clients, settings), settings.scopes, settings.leeway};
}

net::Bounds bounds_of(const config::OidcSettings& settings) {
  net::Bounds out;
  out.connect = out.whole = settings.timeout;
  out.answer = kLongestAnswer;
  out.ca = settings.ca;
  return out;
}

/// Every failure to ask is a matter of now, whatever the provider said, and of the operator's log.
template <class T>
Result<T> unavailable(Result<T> asked) {
  if (asked || asked.error().code == ErrorCode::kUnauthenticated) return asked;
  log::write(log::Level::kWarn, "an OpenID provider cannot be asked",
             {{"why", asked.error().message}});
  return fail(Error{ErrorCode::kUnavailable, asked.error().message, asked.error().retry_s});
}

Result<KeySet> fetch_keys(const net::OpenidProvider& provider, const net::Bounds& bounds) {
  net::JsonCall call;
  call.url = provider.keys;
  const auto answer = net::call_json(call, bounds);
  if (!answer) return fail(answer.error());
  if (answer->status != 200)
    return fail(ErrorCode::kUnavailable,
                call.url + " answers " + std::to_string(answer->status) + ", not 200");
  auto keys = KeySet::of(answer->body);
  if (!keys) return fail(keys.error().code, call.url + " is no use: " + keys.error().message);
  return keys;
}

}  // namespace

Result<std::unique_ptr<Provider>> Provider::of(const config::OidcSettings& settings) {
  auto secret = config::read_secret(settings.secret);
  if (!secret) return fail(secret.error());
  for (const auto& row : settings.group_map) {
    const auto here = trim(std::string_view(row).substr(row.rfind('=') + 1));
    if (const auto good = account::check_group(here); !good)
      return fail(ErrorCode::kUsage,
                  "group_map of " + settings.issuer + ": '" + row + "': " + good.error().message);
  }
  return std::unique_ptr<Provider>(new Provider(settings, {settings.client, std::move(*secret)}));
}

Provider::Provider(const config::OidcSettings& settings, Client client)
    : settings_(settings),
      client_(std::move(client)),
      rules_(rules_of(settings_)),
      bounds_(bounds_of(settings_)),
      endpoints_(
          [this] { return unavailable(net::discover(settings_.issuer, settings_.hosts, bounds_)); },
          {.keep = settings_.keep_keys}),
      keys_(
          [this]() -> Result<KeySet> {
            const auto endpoints = endpoints_.get();
            if (!endpoints) return fail(endpoints.error());
            return unavailable(fetch_keys(**endpoints, bounds_));
          },
          {.keep = settings_.keep_keys}),
      verdicts_(kMostVerdicts) {}

/// A key that is not known may be new, and one that signs no longer may have been replaced under
/// its name: the keys are asked for again, as often as that may be.
Status Provider::check_signature(const std::string& token, const Jwt& jwt) {
  const auto known = keys_.get();
  if (!known) return fail(known.error());
  if ((*known)->signed_this(token, jwt.algorithm, jwt.key_id)) return {};
  const auto renewed = keys_.renewed(*known);
  if (!renewed) {
    if ((*known)->has(jwt.key_id))
      return fail(ErrorCode::kUnauthenticated, "it is not signed with the key that it names");
    return fail(renewed.error());
  }
  if (*renewed != *known && (*renewed)->signed_this(token, jwt.algorithm, jwt.key_id)) return {};
  return fail(ErrorCode::kUnauthenticated, "it is signed with no key of " + settings_.issuer);
}

Result<account::Identity> Provider::identity_of_token(const nlohmann::json& claims,
                                                      const std::string& hash, Micros end) const {
  auto out = identity_of(claims, settings_);
  if (!out) return out;
  out->method = "oidc";
  out->credential = hash.substr(0, kPublicId);
  out->ends = end;
  return out;
}

Verdicts::Verdict Provider::verdict(Result<account::Identity> identity, Micros now,
                                    Micros end) const {
  Micros until = 0;
  if (identity) {
    until = now + settings_.keep_verdicts;
    if (end != 0) until = std::min(until, end + settings_.leeway);
  } else if (identity.error().code == ErrorCode::kUnauthenticated) {
    until = now + std::min(settings_.keep_verdicts, kKeepRefusals);
  }
  return {std::move(identity), until};
}

/// Before liboauth2 sees it: "none", and HS256 with the public key for a secret, are no signatures.
Status Provider::check_algorithm(const Jwt& jwt) const {
  if (std::ranges::find(settings_.algorithms, jwt.algorithm) == settings_.algorithms.end())
    return fail(ErrorCode::kUnauthenticated,
                "it is signed with no algorithm that is accepted here");
  if (jwt.header.contains("crit"))
    return fail(ErrorCode::kUnauthenticated, "it asks for extensions that are not known here");
  return {};
}

Result<net::OpenidProvider> Provider::endpoints() {
  const auto known = endpoints_.get();
  if (!known) return fail(known.error());
  return **known;
}

Result<nlohmann::json> Provider::id_token_claims(const std::string& token) {
  auto jwt = parse_jwt(token);
  if (!jwt) return fail(std::move(jwt).error());
  const auto kind = jwt->header.find("typ");
  if (kind != jwt->header.end() &&
      !(kind->is_string() && equal_ignoring_case(kind->get_ref<const std::string&>(), "jwt")))
    return fail(ErrorCode::kUnauthenticated, "it is no id_token");
  RECORTE_TRY(check_algorithm(*jwt));
  RECORTE_TRY(check_signature(token, *jwt));
  return std::move(jwt->claims);
}

Result<account::Identity> Provider::judge_jwt(const std::string& token, const Jwt& jwt) {
  RECORTE_TRY(check_algorithm(jwt));
  RECORTE_TRY(check_signature(token, jwt));
  RECORTE_TRY(check_access_token(jwt.header, jwt.claims, rules_, now_micros()));
  return identity_of_token(jwt.claims, hash_of(token), end_of(jwt.claims));
}

std::optional<Result<account::Identity>> Provider::known_opaque(const std::string& token) {
  return verdicts_.known(hash_of(token), now_micros());
}

Result<account::Identity> Provider::judge_opaque(const std::string& token) {
  const auto hash = hash_of(token);
  const auto now = now_micros();
  return verdicts_.ask(hash, now, [&]() -> Verdicts::Verdict {
    const auto endpoints = endpoints_.get();
    if (!endpoints) return {fail(endpoints.error()), 0};
    if (const auto may = outage_.enter(); !may) return {fail(may.error()), 0};
    auto said = unavailable(ask_about(token, **endpoints, client_, rules_, now, bounds_));
    if (!said && said.error().code == ErrorCode::kUnavailable) {
      outage_.failed(said.error());
      return {fail(said.error()), 0};
    }
    outage_.answered();
    if (!said) return verdict(fail(said.error()), now, 0);
    return verdict(identity_of_token(said->claims, hash, said->end), now, said->end);
  });
}

}  // namespace recorte::auth::oidc
