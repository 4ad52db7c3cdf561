/// What an admin has switched, for all servers of a database. The port; core/db keeps it (tables
/// `switch` and `server`).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <string>
#include <vector>

namespace recorte::schedule {

struct Switch {
  std::string name;   ///< "maintenance", "survey:des_dr2", "drain:SERVER"
  std::string value;  ///< the message that users are shown
  Micros changed = 0;
  std::string by;
};

/// A server that shares the database, as it last said of itself.
struct ServerState {
  std::string name;
  Micros seen = 0;
  std::string state;  ///< JSON: url, workers, what they do
};

class Switches {
 public:
  virtual ~Switches() = default;
  /// All that are on, by name.
  virtual Result<std::vector<Switch>> all() = 0;
  /// On, or on with another message.
  virtual Status set(const Switch& on) = 0;
  /// Off; kNotFound where it is not on.
  virtual Status clear(const std::string& name) = 0;
  /// This server lives, and says so; when is seen by now(). Those that have been silent for a day
  /// are forgotten.
  virtual Status beat(const ServerState& state) = 0;
  /// This server ends.
  virtual Status leave(const std::string& name) = 0;
  /// By name.
  virtual Result<std::vector<ServerState>> servers() = 0;
  /// Time by which `seen` is counted.
  virtual Result<Micros> now() = 0;
};

}  // namespace recorte::schedule
