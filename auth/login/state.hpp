/// The `state` of a sign-in on its way through a provider (RFC 6749, 10.12): what it is for, signed
/// together with a secret that only the browser's cookie holds. So nothing has to be kept of those
/// who set out and never come back, and nobody can come back in another's browser. The nonce and
/// PKCE's verifier are made of the same, and are nowhere kept in clear.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <string>
#include <string_view>

namespace recorte::auth {

struct Way {
  std::string provider;   ///< by its name
  std::string return_to;  ///< a path of ours
  Micros expires = 0;
};

/// Of one that is under way.
struct Pass {
  std::string state, nonce, verifier;
};

class States {
 public:
  explicit States(const account::Keys& keys);

  /// `browser`: what its cookie holds.
  Pass begin(const Way& way, std::string_view browser) const;
  struct Back {
    Way way;
    Pass pass;
  };
  /// kForbidden where the state is not one that began in that browser, or is over.
  Result<Back> end(std::string_view state, std::string_view browser, Micros now) const;
  /// Of a state, to be spent.
  std::string hash_of(std::string_view state) const { return sign_.hash_of(state); }

 private:
  Pass pass_of(std::string_view payload, std::string_view browser) const;

  const account::Key sign_, nonce_, verifier_;
};

}  // namespace recorte::auth
