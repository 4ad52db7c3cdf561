/// The public keys of a provider (RFC 7517), each for the algorithms that it is for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/oidc/signature.hpp"
#include "core/base/error.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace recorte::auth::oidc {

class KeySet {
 public:
  /// Keys that cannot sign tokens, as far as we can tell, are left out. kData where it is no set,
  /// or none is left.
  static Result<KeySet> of(const nlohmann::json& document);

  /// Whether one of these keys signed it. `algorithm` and `key_id` as its header has them; without
  /// an id, all keys of that algorithm are tried. [any thread]
  bool signed_this(const std::string& token, const std::string& algorithm,
                   const std::string& key_id) const;

  /// Whether there is one of that id.
  bool has(const std::string& key_id) const;
  std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string id, type, curve, algorithm;  ///< algorithm "": any of its type
    VerificationKey verification;
  };
  static bool fits(const Key& key, const std::string& algorithm);
  std::vector<Key> keys_;
};

}  // namespace recorte::auth::oidc
