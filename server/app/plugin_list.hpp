/// The plugins of a running server, as an admin is shown them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/plugin/faults.hpp"
#include "core/plugin/snapshot.hpp"
#include "core/trust/pools.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>

namespace recorte::app {

/// docs/reference/admin.md, "plugins". `disabled`: by an admin, by "tiles 1.2.0".
nlohmann::ordered_json plugin_list(const plugin::Snapshot& snapshot, const trust::Pools& pools,
                                   const plugin::Faults& faults,
                                   const std::map<std::string, plugin::Faults::Mark>& disabled);

}  // namespace recorte::app
