/// Where a server has its surveys and its plugins.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

namespace recorte::inspect {

struct Where {
  std::filesystem::path surveys;               ///< of survey files
  std::vector<std::filesystem::path> plugins;  ///< directories, stores among them
};

}  // namespace recorte::inspect
