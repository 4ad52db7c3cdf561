// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/name.hpp"

#include "core/base/text.hpp"

#include <ldap.h>

#include <algorithm>
#include <memory>

namespace recorte::auth::ldap {
namespace {

std::string text_of(const berval& value) {
  return value.bv_val ? std::string(value.bv_val, value.bv_len) : std::string();
}

Part part_of(LDAPRDN rdn) {
  std::vector<Part> all;
  for (auto* each = rdn; each && *each; ++each)
    all.emplace_back(lower(text_of((*each)->la_attr)), text_of((*each)->la_value));
  if (all.size() == 1) return all.front();
  std::ranges::sort(all);
  Part out;
  for (const auto& [attribute, value] : all)
    out.second.append(attribute).append("=").append(value).append("+");
  return out;
}

}  // namespace

std::optional<std::vector<Part>> name_parts(std::string_view name) {
  if (name.find('\0') != name.npos) return {};
  LDAPDN parsed = nullptr;
  if (::ldap_str2dn(std::string(name).c_str(), &parsed, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
    return {};
  const std::unique_ptr<LDAPRDN, void (*)(LDAPDN)> held(parsed, ::ldap_dnfree);
  std::vector<Part> out;
  for (auto* each = parsed; each && *each; ++each) out.push_back(part_of(*each));
  return out;
}

bool is_beneath(std::string_view name, std::string_view base) {
  const auto inner = name_parts(name);
  const auto outer = name_parts(base);
  if (!inner || !outer || inner->size() <= outer->size()) return false;
  return std::equal(outer->rbegin(), outer->rend(), inner->rbegin(),
                    [](const Part& a, const Part& b) {
                      return a.first == b.first && equal_ignoring_case(a.second, b.second);
                    });
}

}  // namespace recorte::auth::ldap
