// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/service_keys.hpp"

#include <system_error>

namespace recorte::account {

Result<Keys> service_keys(const config::Settings& settings) {
  if (settings.auth.secret.given()) {
    auto secret = config::read_secret(settings.auth.secret);
    if (!secret) return fail(std::move(secret).error());
    auto keys = Keys::of(*secret);
    wipe(*secret);
    return keys;
  }
  std::error_code made;
  std::filesystem::create_directories(settings.data, made);
  return Keys::at(key_file(settings));
}

}  // namespace recorte::account
