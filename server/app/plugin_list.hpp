/// The plugins of a running server, as an admin is shown them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/plugin/faults.hpp"
#include "core/plugin/snapshot.hpp"
#include "core/plugin/store.hpp"
#include "core/trust/pools.hpp"
#include "server/service/survey_book.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace recorte::app {

/// What is known of them.
struct PluginsNow {
  const plugin::Snapshot& snapshot;
  const trust::Pools& pools;
  std::shared_ptr<const service::Surveys> surveys;  ///< may be null
  std::vector<plugin::Installed> installed;         ///< in the store, now
  const plugin::Faults& faults;
  const std::map<std::string, plugin::Faults::Mark>& disabled;  ///< by an admin; "tiles 1.2.0"
};

/// docs/reference/admin.md, "plugins".
nlohmann::ordered_json plugin_list(const PluginsNow& now);

}  // namespace recorte::app
