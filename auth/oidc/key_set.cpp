// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/key_set.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <string_view>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;

constexpr std::size_t kMostKeys = 32;

std::string text_of(const json& key, const char* name) {
  const auto member = key.find(name);
  return member != key.end() && member->is_string() ? member->get<std::string>() : std::string();
}

/// What a key's own restrictions leave of it (RFC 7517, 4.2 and 4.3).
bool may_verify(const json& key) {
  if (key.contains("use") && key["use"] != "sig") return false;
  const auto operations = key.find("key_ops");
  if (operations == key.end()) return true;
  return operations->is_array() &&
         std::find(operations->begin(), operations->end(), "verify") != operations->end();
}

/// The public members alone, which are all that a signature is checked with.
std::string public_part(const json& key) {
  json out = json::object();
  for (const auto* name : {"kty", "kid", "n", "e", "crv", "x", "y"})
    if (key.contains(name)) out[name] = key[name];
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Result<KeySet> KeySet::of(const json& document) {
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array())
    return fail(ErrorCode::kData, "it is no set of keys");
  KeySet out;
  for (const auto& each : document["keys"]) {
    if (out.keys_.size() == kMostKeys || !each.is_object() || !may_verify(each)) continue;
    const auto type = text_of(each, "kty");
    if (type != "RSA" && type != "EC") continue;
    auto verification = VerificationKey::of(public_part(each));
    if (!verification) {
      log::write(log::Level::kWarn, "a key of an OpenID provider is left out",
                 {{"kid", text_of(each, "kid")}, {"why", verification.error().message}});
      continue;
    }
    out.keys_.push_back({text_of(each, "kid"), type, text_of(each, "crv"), text_of(each, "alg"),
                         std::move(*verification)});
  }
  if (out.keys_.empty()) return fail(ErrorCode::kData, "none of its keys can sign tokens");
  return out;
}

bool KeySet::fits(const Key& key, const std::string& algorithm) {
  if (!key.algorithm.empty() && key.algorithm != algorithm) return false;
  if (algorithm.starts_with("ES"))
    return key.type == "EC" && key.curve == (algorithm == "ES256"   ? "P-256"
                                             : algorithm == "ES384" ? "P-384"
                                                                    : "P-521");
  return key.type == "RSA" && (algorithm.starts_with("RS") || algorithm.starts_with("PS"));
}

bool KeySet::signed_this(const std::string& token, const std::string& algorithm,
                         const std::string& key_id) const {
  return std::ranges::any_of(keys_, [&](const Key& key) {
    return (key_id.empty() || key.id == key_id) && fits(key, algorithm) &&
           key.verification.signed_this(token);
  });
}

bool KeySet::has(const std::string& key_id) const {
  return std::ranges::any_of(keys_, [&](const Key& key) { return key.id == key_id; });
}

}  // namespace recorte::auth::oidc
