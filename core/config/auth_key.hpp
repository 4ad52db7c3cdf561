/// Where the service's secret is when the configuration does not say.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"

#include <filesystem>

namespace recorte::config {

inline std::filesystem::path auth_key(const Settings& settings) {
  return settings.data / "auth.key";
}

}  // namespace recorte::config
