// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/trial.hpp"

#include "core/account/survey_access.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string_view>
#include <utility>

namespace recorte::schedule {
namespace {

worker::PoolOptions in_pool(const Trial& trial, std::string_view pool) {
  auto out = trial.workers;
  out.terms = {trial.next.pools.find(pool)->second.readable, trial.next.plugins};
  out.places = nullptr;
  out.workers = 1;
  // Nobody's task is lost, and nobody is to be woken.
  out.crashed = [](const std::string&) {};
  return out;
}

}  // namespace

std::vector<std::string> complaints(const Trial& trial) {
  std::vector<std::string> out;
  {
    worker::Pool pool(in_pool(trial, account::kPublic));
    for (const auto& file : trial.libraries)
      if (auto loaded = pool.load(file, trial.load_ms); !loaded)
        out.push_back(loaded.error().message);
  }
  // What does not load tells more than what becomes of its surveys.
  if (!out.empty()) return out;
  std::map<std::string, std::vector<std::string>> by_pool;
  for (const auto& survey : trial.surveys)
    if (trial.next.surveys.contains(survey)) by_pool[trial.next.pool_of(survey)].push_back(survey);
  for (const auto& [name, surveys] : by_pool) {
    worker::Pool pool(in_pool(trial, name));
    for (const auto& survey : surveys)
      if (auto described = pool.describe(survey, trial.describe_ms); !described)
        out.push_back("the survey " + survey +
                      " could not be served any more: " + described.error().message);
  }
  return out;
}

}  // namespace recorte::schedule
