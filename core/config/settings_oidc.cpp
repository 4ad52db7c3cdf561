// SPDX-License-Identifier: BSD-3-Clause
//
// [auth.oidc.NAME]: OpenID providers.
#include "core/config/settings_rows.hpp"

namespace recorte::config {
namespace {

template <auto member>
auto& at(Settings& settings, const std::string& name) {
  return settings.oidc[name].*member;
}

}  // namespace

std::span<const Key> oidc_keys() {
  static const std::vector<Key> all{
      rows::text("auth.oidc.NAME", "issuer", Kind::kText, at<&OidcSettings::issuer>, nullptr,
                 "an https URL", "needed", R"("https://cilogon.org")", "Of the provider."),
      rows::text("auth.oidc.NAME", "client", Kind::kText, at<&OidcSettings::client>, nullptr,
                 "an id", "needed", R"("cilogon:/client_id/1234")",
                 "The id by which the provider knows this service."),
      rows::secret("auth.oidc.NAME", "secret", at<&OidcSettings::secret>,
                   R"({ env = "RECORTE_OIDC_SECRET" })", "This client's secret."),
  };
  return all;
}

}  // namespace recorte::config
