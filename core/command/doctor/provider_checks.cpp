// SPDX-License-Identifier: BSD-3-Clause
//
// The OpenID providers: that each answers, is who it is taken for, and has keys.
#include "core/command/doctor/checks.hpp"
#include "core/net/json_call.hpp"
#include "core/net/openid.hpp"

namespace recorte::command {
namespace {

Finding check_provider(const std::string& name, const config::OidcSettings& settings) {
  const auto called = "provider " + name, section = "[auth.oidc." + name + "] ";
  if (const auto secret = config::read_secret(settings.secret); !secret)
    return ill(called, secret.error().message, section + "secret");
  net::Bounds bounds;
  bounds.connect = bounds.whole = settings.timeout;
  bounds.answer = 512 << 10;
  bounds.ca = settings.ca;
  const auto provider = net::discover(settings.issuer, settings.hosts, bounds);
  if (!provider)
    return ill(
        called, provider.error().message,
        "see that this machine reaches " + settings.issuer + "; " + section + "issuer, hosts, ca");
  net::JsonCall call;
  call.url = provider->keys;
  const auto keys = net::call_json(call, bounds);
  if (!keys || keys->status != 200 || !keys->body.is_object() || !keys->body.contains("keys"))
    return ill(called,
               keys ? call.url + " answers " + std::to_string(keys->status) + " and no keys"
                    : keys.error().message,
               "see that this machine reaches " + call.url);
  if (settings.tokens != "jwt" && (provider->introspection.empty() || provider->userinfo.empty()))
    return ill(called, settings.issuer + " names no introspection_endpoint or userinfo_endpoint",
               section + "tokens = \"jwt\": it cannot be asked about opaque ones");
  return well(called, settings.issuer + " answers, and has keys");
}

}  // namespace

Findings check_providers(const config::Settings& settings) {
  Findings out;
  for (const auto& [name, provider] : settings.oidc) out.push_back(check_provider(name, provider));
  return out;
}

}  // namespace recorte::command
