/// The secret of the service that the settings name, as keys.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/config/settings.hpp"

namespace recorte::config {

/// Of [auth] secret, else auth.key in `data`, made where it is not there. Errors are
/// read_secret()'s and account::Keys'.
Result<account::Keys> keys_of_service(const Settings& settings);

}  // namespace recorte::config
