// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings_at.hpp"

namespace recorte::config {

Result<Settings> settings_at(const std::filesystem::path& config,
                             const std::filesystem::path& data) {
  auto settings = config.empty() ? Result<Settings>(Settings()) : read_settings(config);
  if (settings && !data.empty()) settings->data = data;
  return settings;
}

}  // namespace recorte::config
