// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/identity.hpp"

#include "core/account/user.hpp"
#include "core/base/text.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 64, kMostGroups = 1'000, kLongestSubject = 1'024,
                      kLongestEmail = 254;

/// The claim of that name, or one in another: "realm_access.roles"; null where there is none.
const json* find_claim(const json& claims, const std::string& name) {
  if (!claims.is_object()) return nullptr;
  const auto whole = claims.find(name);
  if (whole != claims.end()) return &*whole;
  for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
    const auto outer = claims.find(name.substr(0, dot));
    if (outer == claims.end()) continue;
    if (const auto* inner = find_claim(*outer, name.substr(dot + 1))) return inner;
  }
  return nullptr;
}

std::string text_of(const json& claims, const std::string& name) {
  const auto* claim = find_claim(claims, name);
  return claim != nullptr && claim->is_string() ? claim->get<std::string>() : std::string();
}

/// What a subject, which may be a URL, is written as where it has to be a name: its last
/// characters, since they are what tells one from another.
std::string name_of_subject(const std::string& subject, std::size_t most) {
  std::string out;
  for (const char c : subject) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("._-@+").find(c) != std::string_view::npos;
    out += plain ? c : '_';
  }
  if (out.size() > most) out.erase(0, out.size() - most);
  out.erase(0, std::min(out.find_first_not_of("-."), out.size()));
  return out;
}

Result<std::string> name_of(const json& claims, const config::OidcSettings& settings,
                            const std::string& subject) {
  for (const auto& claim : settings.user_claims) {
    if (claim == "sub") break;
    const auto said = text_of(claims, claim);
    if (said.empty()) continue;
    auto name = said + settings.name_suffix;
    // Another claim is no way out: whoever sets this one would choose which.
    if (const auto good = account::check_name(name); !good)
      return fail(ErrorCode::kUnauthenticated,
                  "its " + claim + " cannot be a user's name here: " + good.error().message);
    return name;
  }
  const auto most = kLongestName - std::min(settings.name_suffix.size(), kLongestName - 1);
  auto name = name_of_subject(subject, most) + settings.name_suffix;
  if (const auto good = account::check_name(name); !good)
    return fail(ErrorCode::kUnauthenticated,
                "its sub cannot be a user's name here: " + good.error().message);
  return name;
}

/// As they are called there. Texts, or objects with a name.
void add_groups(const json& claim, std::set<std::string>& out) {
  if (claim.is_string()) {
    for (auto& each : split(claim.get_ref<const std::string&>(), ';')) out.insert(std::move(each));
  } else if (claim.is_array()) {
    for (const auto& each : claim) {
      const auto* one = each.is_object() && each.contains("name") ? &each["name"] : &each;
      if (one->is_string()) out.insert(one->get<std::string>());
    }
  }
}

std::vector<std::string> groups_of(const json& claims, const config::OidcSettings& settings) {
  std::set<std::string> there;
  for (const auto& name : settings.group_claims)
    if (const auto* claim = find_claim(claims, name)) add_groups(*claim, there);
  std::set<std::string> here;
  if (settings.group_map.empty()) {
    for (const auto& each : there) {
      // Keycloak writes a group as a path.
      const auto name = each.starts_with('/') ? each.substr(1) : each;
      if (account::may_be_told(name)) here.insert(name);
    }
  } else {
    for (const auto& row : settings.group_map) {
      const auto mark = row.rfind('=');
      const std::string from(trim(std::string_view(row).substr(0, mark)));
      if (there.contains(from)) here.emplace(trim(std::string_view(row).substr(mark + 1)));
    }
  }
  std::vector<std::string> out(here.begin(), here.end());
  if (out.size() > kMostGroups) out.resize(kMostGroups);
  return out;
}

}  // namespace

Result<account::Identity> identity_of(const json& claims, const config::OidcSettings& settings) {
  account::Identity out;
  out.source = settings.issuer;
  out.subject = text_of(claims, "sub");
  if (out.subject.empty() || out.subject.size() > kLongestSubject)
    return fail(ErrorCode::kUnauthenticated, "it does not say whose it is");
  auto name = name_of(claims, settings, out.subject);
  if (!name) return fail(name.error());
  out.name = std::move(*name);
  out.email = text_of(claims, settings.email_claim);
  if (out.email.size() > kLongestEmail || out.email.find('@') == out.email.npos) out.email.clear();
  if (!settings.group_claims.empty()) out.groups = groups_of(claims, settings);
  return out;
}

}  // namespace recorte::auth::oidc
