// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte quota`.
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/desk.hpp"
#include "core/command/tools/columns.hpp"
#include "core/db/job_store.hpp"
#include "core/quota/settings.hpp"
#include "core/quota/verdict.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace recorte::command {
namespace {

struct Options {
  std::string name;
  bool json = false;
};

/// Who is not signed in has no account, and nor have those of before there were accounts.
Result<std::vector<std::string>> groups_of(Desk& desk, const std::string& name, Micros now) {
  const auto user = desk.accounts().find(name);
  if (user) return user->groups_at(now, desk.settings().auth.keep_groups);
  if (user.error().code == ErrorCode::kNotFound && name == account::kAnonymous)
    return std::vector<std::string>();
  return fail(user.error());
}

Status show(Desk& desk, const Options& o) {
  const auto now = now_micros();
  const auto groups = groups_of(desk, o.name, now);
  if (!groups) return fail(groups.error());
  auto store = db::JobStore::open({.database = desk.database()});
  if (!store) return fail(std::move(store).error());
  const auto usage = (*store)->usage(o.name);
  if (!usage) return fail(usage.error());
  const auto limits = quota::limits_of(quota::quotas_of(desk.settings()), o.name, *groups);
  const auto standings = quota::standings(limits, *usage, usage->time);
  auto json = nlohmann::ordered_json::array();
  Table table({"quota", "used", "limit", "left", "renews"});
  for (const auto& each : standings) {
    const auto left = std::max<std::int64_t>(0, each.limit - each.used);
    const auto renews = each.renews > 0 ? iso_time(each.renews) : "";
    json.push_back(
        {{"name", each.name},
         {"used", each.used},
         {"limit", each.limit},
         {"left", left},
         {"renews", renews.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(renews)}});
    table.add({std::string(each.name), std::to_string(each.used), std::to_string(each.limit),
               std::to_string(left), printable(renews)});
  }
  if (o.json)
    std::printf("%s\n", nlohmann::ordered_json{{"user", o.name}, {"quotas", json}}.dump(2).c_str());
  else if (standings.empty())
    std::printf("%s has no quota: [quota] sets them\n", o.name.c_str());
  else
    table.print();
  return {};
}

}  // namespace

int quota(int argc, char** argv) {
  CLI::App app("Says what a user may use, and has used; [quota] of the configuration sets it.",
               "recorte quota");
  Options o;
  DeskCommands commands(app);
  auto* showing = commands.add("show", "Of one user", [&o](Desk& desk) { return show(desk, o); });
  showing->add_option("NAME", o.name, "The account's name, or anonymous")->required();
  showing->add_flag("--json", o.json, "As JSON");
  return commands.run(argc, argv);
}

}  // namespace recorte::command
