/// `recorte config check`: a server's configuration and the files of its surveys, all that is wrong
/// with them at once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <vector>

namespace recorte::command {

struct ConfigCheck {
  std::filesystem::path config, data, surveys;  ///< as `serve` takes them
  std::vector<std::filesystem::path> files;     ///< these alone, where there are any
  bool json = false;
};

/// The exit status: 0, or 2 where a file is wrong.
int check_config(const ConfigCheck& options);

}  // namespace recorte::command
