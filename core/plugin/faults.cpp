// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/faults.hpp"

#include <algorithm>
#include <numeric>

namespace recorte::plugin {
namespace {

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond;

std::string duration_text(Micros time) {
  return time >= 2 * kMinute ? std::to_string(time / kMinute) + " minutes"
                             : std::to_string(time / kSecond) + " seconds";
}

}  // namespace

Faults::Known& Faults::known(std::string_view plugin) {
  const auto at = plugins_.find(plugin);
  return at != plugins_.end() ? at->second : plugins_[std::string(plugin)];
}

void Faults::count(Recent& recent, Micros now) const {
  const auto tenths = static_cast<Micros>(recent.tasks.size());
  const auto tenth = now / std::max<Micros>(1, rule_.within / tenths);
  for (auto gone = std::max(recent.tenth + 1, tenth - tenths + 1); gone <= tenth; ++gone)
    recent.tasks[static_cast<std::size_t>(gone % tenths)] = 0;
  recent.tenth = std::max(recent.tenth, tenth);
  ++recent.tasks[static_cast<std::size_t>(recent.tenth % tenths)];
}

void Faults::well(std::string_view plugin, Micros now) {
  const std::lock_guard lock(mutex_);
  count(known(plugin).recent, now);
}

bool Faults::ill(std::string_view plugin, const std::string& how, Micros now) {
  const std::lock_guard lock(mutex_);
  auto& [record, faults, recent] = known(plugin);
  count(recent, now);
  ++total_;
  ++record.faults;
  record.last = now;
  record.last_how = how;
  faults.push_back(now);
  while (faults.front() <= now - rule_.within) faults.pop_front();
  const auto tasks = std::accumulate(recent.tasks.begin(), recent.tasks.end(), std::uint64_t{0});
  if (record.mark || rule_.faults == 0 || faults.size() < rule_.faults ||
      faults.size() * rule_.one_in < tasks)
    return false;
  record.mark = Mark{now, "it failed " + std::to_string(faults.size()) + " times within " +
                              duration_text(rule_.within) + ", the last time so: " + how};
  return true;
}

bool Faults::forget(std::string_view plugin) {
  const std::lock_guard lock(mutex_);
  const auto at = plugins_.find(plugin);
  if (at == plugins_.end()) return false;
  const bool marked = at->second.record.mark.has_value();
  plugins_.erase(at);
  return marked;
}

Faults::Record Faults::of(std::string_view plugin) const {
  const std::lock_guard lock(mutex_);
  const auto at = plugins_.find(plugin);
  return at == plugins_.end() ? Record{} : at->second.record;
}

std::uint64_t Faults::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

std::vector<Withdrawn> Faults::marked() const {
  const std::lock_guard lock(mutex_);
  std::vector<Withdrawn> out;
  for (const auto& [plugin, known] : plugins_) {
    if (!known.record.mark) continue;
    const auto blank = std::min(plugin.find(' '), plugin.size());
    out.push_back({plugin.substr(0, blank), plugin.substr(std::min(blank + 1, plugin.size())),
                   known.record.mark->why});
  }
  return out;
}

}  // namespace recorte::plugin
