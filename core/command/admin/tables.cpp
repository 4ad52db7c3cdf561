// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/admin/tables.hpp"

#include "core/base/text.hpp"
#include "core/command/tools/columns.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::command {
namespace {

using nlohmann::ordered_json;

/// As a person reads it; "-" for what is not there.
std::string text(const ordered_json& value) {
  if (value.is_null()) return "-";
  auto out = value.is_string() ? value.get<std::string>() : value.dump();
  return printable(std::move(out));
}

ordered_json at(const ordered_json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? ordered_json() : *found;
}

/// The members of each object of a list, under these heads.
void print_list(const ordered_json& list, const std::vector<std::string>& heads,
                const std::vector<std::string_view>& members) {
  Table table(heads);
  for (const auto& each : list) {
    std::vector<std::string> row;
    row.reserve(members.size());
    for (const auto member : members) row.push_back(text(at(each, member)));
    table.add(std::move(row));
  }
  table.print();
}

std::string hold(const ordered_json& job) {
  const auto by = at(job, "hold");
  return by.is_string() && !by.get<std::string>().empty() ? " (" + by.get<std::string>() + ")" : "";
}

void print_switch(const std::string& what, const ordered_json& on) {
  if (on.is_null()) return void(std::printf("%s: no\n", what.c_str()));
  std::printf("%s: since %s, by %s: %s\n", what.c_str(), text(at(on, "since")).c_str(),
              text(at(on, "by")).c_str(), text(at(on, "message")).c_str());
}

}  // namespace

void print_jobs(const ordered_json& answer) {
  Table table({"ID", "OWNER", "PHASE", "DONE", "OF", "FAILED", "CREATED"});
  for (const auto& job : at(answer, "jobs"))
    table.add({text(at(job, "id")), text(at(job, "owner")), text(at(job, "phase")) + hold(job),
               text(at(job, "done")), text(at(job, "products")), text(at(job, "failed")),
               text(at(job, "created"))});
  table.print();
  if (const auto before = at(answer, "before"); before.is_string())
    std::printf("(there may be more: --before %s)\n", text(before).c_str());
}

void print_routes(const ordered_json& answer) {
  std::vector<std::string> heads{"ROUTE", "OF"};
  for (const auto& caller : at(answer, "callers")) heads.push_back(upper(text(caller)));
  Table table(heads);
  for (const auto& route : at(answer, "routes"))
    for (const auto& row : at(route, "rows")) {
      const auto methods = at(route, "methods").get<std::vector<std::string>>();
      std::vector<std::string> cells{join(methods, " ") + " " + text(at(route, "path")),
                                     text(at(row, "of"))};
      for (const auto& caller : at(answer, "callers")) cells.push_back(text(at(row, text(caller))));
      table.add(std::move(cells));
    }
  table.print();
}

void print_plugins(const ordered_json& answer) {
  Table table({"PLUGIN", "VERSION", "FAULTS", "SURVEYS", "STATE"});
  for (const auto& plugin : at(answer, "plugins")) {
    const auto out = at(plugin, "out_of_use");
    table.add({text(at(plugin, "id")), text(at(plugin, "version")), text(at(plugin, "faults")),
               printable(join(at(plugin, "surveys").get<std::vector<std::string>>(), " ")),
               out.is_null() ? "in use" : "out of use: " + text(at(out, "why"))});
  }
  table.print();
  for (const auto& refused : at(answer, "refused"))
    std::printf("refused: %s\n", text(at(refused, "why")).c_str());
}

void print_plugin(const ordered_json& plugin) {
  const auto out = at(plugin, "out_of_use");
  std::printf("%s %s: %s\n", text(at(plugin, "id")).c_str(), text(at(plugin, "version")).c_str(),
              out.is_null() ? "in use" : ("out of use: " + text(at(out, "why"))).c_str());
}

void print_reload(const ordered_json& answer) {
  const auto print = [](const char* what, const ordered_json& names) {
    if (!names.empty())
      std::printf("%-17s %s\n", what,
                  printable(join(names.get<std::vector<std::string>>(), ", ")).c_str());
  };
  const auto plugins = at(answer, "plugins"), settings = at(answer, "settings");
  print("plugins come:", at(plugins, "new"));
  print("plugins gone:", at(plugins, "gone"));
  if (at(plugins, "new").empty() && at(plugins, "gone").empty())
    std::printf("%-17s as they were\n", "plugins:");
  print("taken up:", at(settings, "taken_up"));
  print("needs a restart:", at(settings, "for_a_restart"));
  const auto surveys = at(answer, "surveys");
  if (const auto served = at(surveys, "served"); served.is_null())
    std::printf("%-17s not yet known\n", "surveys:");
  else
    std::printf("%-17s %s served\n", "surveys:", text(served).c_str());
  const auto failed = at(surveys, "failed");
  for (const auto& [survey, why] : failed.items())
    std::printf("  %s: %s\n", printable(survey).c_str(), text(why).c_str());
}

void print_job(const ordered_json& job) {
  for (const auto& [name, value] : job.items())
    if (name != "links" && name != "parameters")
      std::printf("%-20s %s\n", name.c_str(), text(value).c_str());
  for (const auto& each : at(job, "parameters"))
    std::printf("%-20s %s=%s\n", "parameter", text(at(each, "name")).c_str(),
                text(at(each, "value")).c_str());
}

void print_queue(const ordered_json& answer) {
  print_list(at(answer, "queue"),
             {"ID", "OWNER", "CLASS", "PHASE", "DONE", "OF", "AHEAD", "START", "END"},
             {"id", "owner", "class", "phase", "done", "products", "ahead", "start", "end"});
}

void print_servers(const ordered_json& answer) {
  print_list(at(answer, "servers"),
             {"NAME", "URL", "ALIVE", "DRAINING", "WORKERS", "BATCH", "WAITING", "WORKING", "SEEN"},
             {"name", "url", "alive", "draining", "workers", "batch_workers", "tasks_waiting",
              "tasks_working", "seen"});
}

void print_workers(const ordered_json& answer) {
  Table table({"LANE", "WORKERS", "WAITING", "WORKING", "FINISHED", "REFUSED", "LOST"});
  for (const auto& [lane, each] : answer.items())
    table.add({lane, text(at(each, "workers")), text(at(each, "tasks_waiting")),
               text(at(each, "tasks_working")), text(at(each, "tasks_finished")),
               text(at(each, "tasks_refused")), text(at(each, "workers_lost"))});
  table.print();
  Table pools({"POOL", "LANE", "WORKERS", "WAITING", "WORKING"});
  for (const auto& [lane, each] : answer.items())
    for (const auto& pool : at(each, "pools"))
      pools.add({text(at(pool, "name")), lane, text(at(pool, "workers")),
                 text(at(pool, "tasks_waiting")), text(at(pool, "tasks_working"))});
  std::printf("\n");
  pools.print();
}

void print_maintenance(const ordered_json& answer) {
  print_switch("maintenance", at(answer, "maintenance"));
}

void print_drain(const ordered_json& answer) {
  std::printf("this server takes new jobs: %s\n",
              at(answer, "draining") == ordered_json(true) ? "no" : "yes");
}

void print_survey(const ordered_json& answer) {
  print_switch("survey " + text(at(answer, "survey")) + " switched off", at(answer, "off"));
}

void print_surveys(const ordered_json& answer) {
  Table table({"SURVEY", "STATE"});
  for (const auto& each : at(answer, "surveys")) {
    const auto off = at(each, "off");
    const auto error = at(each, "error");
    table.add({text(at(each, "survey")), !off.is_null()     ? "off: " + text(at(off, "message"))
                                         : !error.is_null() ? "fails: " + text(error)
                                                            : "on"});
  }
  table.print();
}

}  // namespace recorte::command
