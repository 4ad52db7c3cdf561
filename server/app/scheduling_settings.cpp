// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/scheduling_settings.hpp"

namespace recorte::app {

schedule::PolicyOptions policy_options(const config::Settings& settings) {
  const auto& given = settings.scheduling;
  const auto rule = [](const config::Settings::SchedulingClass& in) {
    return schedule::ClassRule{in.weight, in.bound, in.users, in.groups, in.services};
  };
  schedule::PolicyOptions out;
  out.classes = {rule(given.system), rule(given.internal), rule(given.priority), rule(given.normal),
                 rule(given.background)};
  for (const auto& [name, user] : given.users) out.weights[name] = user.weight;
  out.half_life = given.half_life;
  out.memory = given.memory;
  return out;
}

}  // namespace recorte::app
