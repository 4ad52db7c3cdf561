/// Sections whose keys are each right, and do not go together. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"

#include <string>
#include <vector>

namespace recorte::config {

struct Misfit {
  std::vector<std::string> section;  ///< its path: "auth", "oidc", NAME
  std::string sentence;              ///< with the remedy
};

/// Of all [auth.oidc.NAME].
std::vector<Misfit> oidc_misfits(const Settings& settings);

}  // namespace recorte::config
