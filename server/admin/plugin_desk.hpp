/// The plugins of this server, as the admin's routes reach them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace recorte::admin {

struct PluginName {
  std::string id, version;
  std::string label() const { return id + " " + version; }  ///< "tiles 1.2.0"
};

/// docs/reference/admin.md has the documents. What is done is answered later, on another thread.
struct PluginDesk {
  using Done = std::function<void(Result<nlohmann::ordered_json>)>;
  std::function<nlohmann::ordered_json()> list;
  std::function<void(Done)> reload;
  std::function<void(const PluginName&, Done)> enable;
  std::function<void(const PluginName&, const std::string& why, Done)> disable;
};

}  // namespace recorte::admin
