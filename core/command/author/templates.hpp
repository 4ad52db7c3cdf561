/// The files of a new plugin, as they lie in templates/KIND/NAME.in, built into the program. In
/// their names NAME is the plugin's id; in their texts @name@ is that, @Name@ its class, @title@
/// its name for people, @abi@ the oldest ABI it can live with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string_view>

namespace recorte::command {

struct Template {
  std::string_view kind;  ///< "survey" or "algorithm"
  std::string_view name, text;
};

std::span<const Template> templates();

}  // namespace recorte::command
