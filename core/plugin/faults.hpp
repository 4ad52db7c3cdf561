/// How often each plugin fails, by version: one that fails often is marked, and not to be used
/// until somebody has done something about it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/plugin/in_use.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::plugin {

struct FaultRule {
  std::uint64_t faults = 5;  ///< that mark it; 0: none ever do
  Micros within = 600'000'000;
  /// Of its tasks in that time, at least so many as one in so many: where one position in a
  /// thousand crashes it, the others are still served.
  std::uint64_t one_in = 10;
};

/// [any thread]
class Faults {
 public:
  explicit Faults(FaultRule rule) : rule_(rule) {}

  /// A plugin is called "tiles 1.2.0" in what follows. It was well in a task.
  void well(std::string_view plugin, Micros now);
  /// It crashed, hung or broke its contract: `how`. Whether that marks it.
  bool ill(std::string_view plugin, const std::string& how, Micros now);
  /// It begins anew: another library, or an admin's word. Whether it was marked.
  bool forget(std::string_view plugin);

  struct Mark {
    Micros since = 0;
    std::string why;
  };
  struct Record {
    std::uint64_t faults = 0;  ///< in all
    Micros last = 0;
    std::string last_how;
    std::optional<Mark> mark = {};
  };
  /// Of one that has had none, an empty one.
  Record of(std::string_view plugin) const;
  std::uint64_t total() const;
  /// Those that are marked, by name.
  std::vector<Withdrawn> marked() const;

 private:
  /// Tasks by tenths of `within`, so that old ones are forgotten.
  struct Recent {
    std::array<std::uint64_t, 10> tasks{};
    Micros tenth = 0;  ///< of the last
  };
  struct Known {
    Record record;
    std::deque<Micros> faults;
    Recent recent;
  };
  void count(Recent& recent, Micros now) const;
  Known& known(std::string_view plugin);

  const FaultRule rule_;
  mutable std::mutex mutex_;
  std::map<std::string, Known, std::less<>> plugins_;
  std::uint64_t total_ = 0;
};

}  // namespace recorte::plugin
