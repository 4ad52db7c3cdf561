/// Passwords that this service keeps, as HTTP Basic brings them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/account/user.hpp"
#include "core/base/password.hpp"
#include "core/base/time.hpp"

#include <memory>

namespace recorte::auth {

struct PasswordOptions {
  /// Nobody is asked after it: who has no password here is refused, where they would be another's
  /// to judge otherwise.
  bool last = true;
  Micros cache = 60'000'000;  ///< how long a password is not hashed again
};

/// Who has a password here is judged by it and by nothing else; about anybody else, known or not,
/// as much is hashed. The hash that is kept is asked for each time, so that a new password counts
/// at once, and is made anew where it was made otherwise than is done now.
std::unique_ptr<Authenticator> password_authenticator(account::Accounts& accounts,
                                                      Passwords& passwords,
                                                      PasswordOptions options);

}  // namespace recorte::auth
