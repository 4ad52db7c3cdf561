// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/login/fake_provider.hpp"

#include "core/base/text.hpp"

#include <stdexcept>

namespace recorte::auth {
namespace {

using nlohmann::json;

constexpr std::string_view kSigned = "signed:";

}  // namespace

void FakeProvider::say(const std::string& nonce, const std::string& subject) {
  const auto seconds = clock / 1'000'000;
  claims = {{"iss", endpoints.issuer}, {"sub", subject},       {"aud", "recorte"},
            {"iat", seconds},          {"exp", seconds + 300}, {"eppn", "eva@example"}};
  if (!nonce.empty()) claims["nonce"] = nonce;
  userinfo = {{"sub", subject}, {"isMemberOf", {"des"}}};
}

Provider FakeProvider::provider(const std::string& secret) {
  Provider out;
  out.name = name;
  out.title = "The " + name;
  out.issuer = endpoints.issuer;
  out.client = "recorte";
  out.secret = secret;
  out.endpoints = [this]() -> Result<net::OpenidProvider> {
    if (away) return fail(ErrorCode::kUnavailable, name + " does not answer");
    return endpoints;
  };
  out.call = [this](const net::JsonCall& call) -> Result<net::JsonAnswer> {
    calls.push_back(call);
    if (away) return fail(ErrorCode::kUnavailable, name + " does not answer");
    if (call.url == endpoints.userinfo)
      return net::JsonAnswer{userinfo.is_null() ? 401 : 200, userinfo};
    if (call.url == endpoints.device)
      return net::JsonAnswer{200,
                             {{"device_code", "d|1"},
                              {"user_code", "ABCD-EFGH"},
                              {"verification_uri", "https://idp.example/device"},
                              {"expires_in", 600},
                              {"interval", 5}}};
    if (refusal.status != 0) return refusal;
    return net::JsonAnswer{
        200, {{"access_token", "at"}, {"id_token", std::string(kSigned) + claims.dump()}}};
  };
  out.signed_claims = [](const std::string& jwt) -> Result<json> {
    if (!jwt.starts_with(kSigned))
      return fail(ErrorCode::kUnauthenticated, "it is signed with no key of theirs");
    return json::parse(jwt.substr(kSigned.size()));
  };
  out.identify = [this](const json& all) -> Result<account::Identity> {
    account::Identity identity;
    identity.source = endpoints.issuer;
    identity.subject = all.at("sub").get<std::string>();
    identity.name = all.value("eppn", "");
    if (all.contains("isMemberOf"))
      identity.groups = all["isMemberOf"].get<std::vector<std::string>>();
    return identity;
  };
  return out;
}

const net::JsonCall& FakeProvider::last(const std::string& url_end) const {
  for (auto call = calls.rbegin(); call != calls.rend(); ++call)
    if (call->url.ends_with(url_end)) return *call;
  throw std::out_of_range("nobody asked " + url_end);
}

std::string parameter_of(const std::string& url, const std::string& name) {
  for (const auto& pair : split(std::string_view(url).substr(url.find('?') + 1), '&')) {
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name) return url_decode(pair.substr(equals + 1)).value();
  }
  return {};
}

std::string field_of(const net::JsonCall& call, const std::string& name) {
  for (const auto& [field, value] : call.form.value_or(net::Form{}))
    if (field == name) return value;
  return {};
}

}  // namespace recorte::auth
