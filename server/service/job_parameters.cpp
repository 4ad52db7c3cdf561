// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_parameters.hpp"

#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace recorte::service {
namespace {

/// Those that have several values in a job, though a single cutout has one, or none.
constexpr std::array<std::string_view, 9> kMultiplying{
    "id", "pos", "circle", "polygon", "band", "time", "survey", "bands", "notify"};

}  // namespace

bool is_repeatable(std::string_view name) {
  const auto small = lower(name);
  if (std::ranges::find(kMultiplying, small) != kMultiplying.end()) return true;
  return std::ranges::any_of(cutout::parameters(), [&](const auto& row) {
    return row.repeatable &&
           (equal_ignoring_case(row.name, name) || equal_ignoring_case(row.soda, name));
  });
}

std::vector<job::Parameter> replaced(std::vector<job::Parameter> old,
                                     const std::vector<job::Parameter>& changes) {
  for (const auto& change : changes)
    if (!is_repeatable(change.name))
      std::erase_if(old, [&](const auto& p) { return equal_ignoring_case(p.name, change.name); });
  old.insert(old.end(), changes.begin(), changes.end());
  return old;
}

}  // namespace recorte::service
