/// How the one who waits for a task looks in on it: cancellation, progress, and which plugin is at
/// work (so that a crash can be laid at its door).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace recorte::cutout {

struct Watch {
  std::function<bool()> cancelled = [] { return false; };
  /// Whether nobody waits for the answer any more: what could not be made then is no item's fault.
  /// Asked where an item fails.
  std::function<bool()> alone = [] { return false; };
  std::function<void(std::string_view)> stage = [](std::string_view) {};
  std::function<void(double)> progress = [](double) {};
  /// Items that are done with, of the task.
  std::function<void(std::uint64_t)> finished = [](std::uint64_t) {};
};

}  // namespace recorte::cutout
