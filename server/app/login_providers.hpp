/// The providers of the settings as places to sign in at.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/login/provider.hpp"
#include "auth/oidc/providers.hpp"
#include "core/config/settings.hpp"

#include <vector>

namespace recorte::app {

/// Those with `login`. `known` must outlive them. kUsage where a secret cannot be read, or what is
/// asked for at a sign-in would not say who somebody is.
Result<std::vector<auth::Provider>> login_providers(const config::Settings& settings,
                                                    const auth::oidc::Providers& known);

}  // namespace recorte::app
