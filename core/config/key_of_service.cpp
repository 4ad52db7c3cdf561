// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/key_of_service.hpp"

namespace recorte::config {

Result<account::Keys> keys_of_service(const Settings& settings) {
  if (!settings.auth.secret.given()) return account::Keys::at(settings.data / "auth.key");
  const auto secret = read_secret(settings.auth.secret);
  if (!secret) return fail(secret.error());
  return account::Keys::of(*secret);
}

}  // namespace recorte::config
