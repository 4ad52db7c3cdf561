/// Who comes with a bearer token of an OpenID provider: which of them gave it out, and whether it
/// is good.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "auth/chain/tries.hpp"
#include "auth/oidc/provider.hpp"

#include <vector>

namespace recorte::auth::oidc {

class Bearer : public Authenticator {
 public:
  /// The providers must outlive it.
  explicit Bearer(std::vector<Provider*> providers);

  std::string_view name() const override { return "oidc"; }
  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override;

 private:
  Result<std::optional<account::Identity>> opaque(Provider& provider,
                                                  const Credentials& credentials);
  Provider* of_issuer(const nlohmann::json& claims) const;
  Provider* of_opaque(std::string_view token) const;

  const std::vector<Provider*> providers_;
  Tries tries_;  ///< of an address: tokens that a provider had to be asked about, and did not know
};

}  // namespace recorte::auth::oidc
