/// What the configuration says of quotas, for the rules.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"
#include "core/quota/limits.hpp"

namespace recorte::quota {

Quotas quotas_of(const config::Settings& settings);

}  // namespace recorte::quota
