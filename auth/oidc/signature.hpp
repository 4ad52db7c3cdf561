/// Whether a JWT was signed with a key: liboauth2's part, and nobody else's. It is given one key at
/// a time, and fetches nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <memory>
#include <string>

namespace recorte::auth::oidc {

class VerificationKey {
 public:
  /// Of a JWK with a public key (RFC 7517). kData where liboauth2 cannot read it.
  static Result<VerificationKey> of(const std::string& jwk);

  /// The caller has made sure that the token's algorithm is one of this key's. [any thread]
  bool signed_this(const std::string& token) const;

 private:
  struct Impl;
  explicit VerificationKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace recorte::auth::oidc
