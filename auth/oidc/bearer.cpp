// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/bearer.hpp"

#include "core/account/token.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::auth::oidc {
namespace {

constexpr std::size_t kLongestToken = 16 << 10;

/// Fewer than the chain's own, as each of these costs the provider a question.
constexpr Tries::Options kTries{0, 8, 30'000'000, 10'000};

Error refusal(const std::string& what) {
  return {ErrorCode::kUnauthenticated, "this token is not accepted: " + what};
}

/// What of a header field can be a token, and stays one in a request to a provider.
bool is_well_formed(std::string_view token) {
  return !token.empty() && token.size() <= kLongestToken &&
         std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7F; });
}

Result<std::optional<account::Identity>> told(Result<account::Identity> judged) {
  if (judged) return std::move(*judged);
  if (judged.error().code != ErrorCode::kUnauthenticated) return fail(std::move(judged).error());
  return fail(refusal(judged.error().message));
}

}  // namespace

Bearer::Bearer(std::vector<Provider*> providers)
    : providers_(std::move(providers)), tries_(kTries) {}

Result<std::optional<account::Identity>> Bearer::identify(const Credentials& credentials) {
  const auto& token = credentials.secret;
  if (credentials.kind != Credentials::Kind::kBearer || account::looks_like_token(token))
    return std::nullopt;
  if (!is_well_formed(token))
    return fail(refusal("it is longer than 16 KiB, or has characters that no token has"));
  if (!looks_like_jwt(token)) {
    auto* provider = of_opaque(token);
    if (provider == nullptr) return std::nullopt;
    return opaque(*provider, credentials);
  }
  const auto jwt = parse_jwt(token);
  if (!jwt) return fail(refusal(jwt.error().message));
  auto* provider = of_issuer(jwt->claims);
  if (provider == nullptr)
    return fail(refusal("it names no issuer whose tokens are accepted here"));
  if (provider->settings().tokens == "opaque") return opaque(*provider, credentials);
  return told(provider->judge_jwt(token, *jwt));
}

Result<std::optional<account::Identity>> Bearer::opaque(Provider& provider,
                                                        const Credentials& credentials) {
  if (auto known = provider.known_opaque(credentials.secret)) return told(std::move(*known));
  const auto now = steady_micros();
  if (const auto wait = tries_.wait_for(credentials.address, "", now); wait > 0)
    return fail(Error{ErrorCode::kRateLimited,
                      "too many tokens from this address were not known to their provider; try "
                      "again in " +
                          std::to_string(wait) + " s",
                      wait});
  auto judged = provider.judge_opaque(credentials.secret);
  if (!judged && judged.error().code == ErrorCode::kUnauthenticated)
    tries_.failed(credentials.address, "", now);
  return told(std::move(judged));
}

Provider* Bearer::of_issuer(const nlohmann::json& claims) const {
  const auto issuer = claims.find("iss");
  if (issuer == claims.end()) return nullptr;
  const auto one = std::ranges::find_if(
      providers_, [&](const auto* each) { return *issuer == each->settings().issuer; });
  return one == providers_.end() ? nullptr : *one;
}

/// At most one has a given prefix, or takes what begins with none; that is the configuration's.
Provider* Bearer::of_opaque(std::string_view token) const {
  const auto one = std::ranges::find_if(providers_, [&](const auto* each) {
    return each->settings().tokens != "jwt" && token.starts_with(each->settings().token_prefix);
  });
  return one == providers_.end() ? nullptr : *one;
}

}  // namespace recorte::auth::oidc
