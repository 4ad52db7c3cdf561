/// The secret of a service, from where its configuration says it is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/config/settings.hpp"

#include <filesystem>

namespace recorte::account {

/// Where it is when the configuration does not say.
inline std::filesystem::path key_file(const config::Settings& settings) {
  return settings.data / "auth.key";
}
/// Of [auth] secret; else of key_file(), which is made, with its directory, where there is none.
Result<Keys> service_keys(const config::Settings& settings);

}  // namespace recorte::account
