/// How a worker says which plugin it is in, so that what becomes of it can be laid at its door.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte::plugin {

/// What a plugin did against its contract, the worker surviving it.
struct Fault {
  std::string plugin;  ///< "tiles 1.2.0"
  std::string how;
};

/// "plugin 'tiles 1.2.0' in run()", of a plugin and what it does.
inline std::string stage_of(const std::string& plugin, const std::string& doing) {
  return "plugin '" + plugin + "' " + doing;
}

/// The reverse: "tiles 1.2.0"; "" where it is in none.
inline std::string_view plugin_of(std::string_view stage) {
  const auto begin = stage.find('\'');
  if (begin == stage.npos) return {};
  const auto end = stage.find('\'', begin + 1);
  return end == stage.npos ? std::string_view() : stage.substr(begin + 1, end - begin - 1);
}

}  // namespace recorte::plugin
