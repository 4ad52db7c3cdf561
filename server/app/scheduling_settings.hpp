/// What the configuration says of classes and shares, for the policy.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"
#include "core/schedule/policy.hpp"

namespace recorte::app {

schedule::PolicyOptions policy_options(const config::Settings& settings);

}  // namespace recorte::app
