// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/doctor/doctor.hpp"

#include "core/base/io.hpp"
#include "core/command/doctor/checks.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/settings_at.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path config, data, surveys;
  bool json = false;
};

Result<config::Settings> settings_of(const Options& options) {
  auto settings = config::settings_at(options.config, options.data);
  if (!settings) return settings;
  const char* environment = std::getenv("RECORTE_SURVEYS");
  if (options.config.empty() && environment && *environment) settings->surveys = environment;
  if (!options.surveys.empty()) settings->surveys = options.surveys;
  return settings;
}

Findings look(const Options& options, const AskDirectory& ask_directory) {
  const auto settings = settings_of(options);
  if (!settings)
    return {ill("configuration", settings.error().message, "mend that line, or remove it")};
  Findings out{well("configuration",
                    options.config.empty() ? "none: the defaults" : options.config.string())};
  for (const auto& check :
       {&check_places, &check_work, &check_service, &check_accounts, &check_providers})
    std::ranges::move(check(*settings), std::back_inserter(out));
  out.push_back(check_directory(*settings, ask_directory));
  return out;
}

void print(const Findings& findings) {
  const bool colour = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  std::size_t width = 0;
  for (const auto& each : findings) width = std::max(width, each.name.size());
  for (const auto& each : findings) {
    const auto* word = !colour     ? (each.good ? "ok  " : "FAIL")
                       : each.good ? "\033[32mok\033[0m  "
                                   : "\033[31mFAIL\033[0m";
    std::printf("%s  %-*s  %s\n", word, static_cast<int>(width), each.name.c_str(),
                each.what.c_str());
    if (!each.good)
      std::printf("      %*s  remedy: %s\n", static_cast<int>(width), "", each.remedy.c_str());
  }
}

void print_json(const Findings& findings, bool good) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& each : findings)
    list.push_back(
        {{"name", each.name}, {"ok", each.good}, {"what", each.what}, {"remedy", each.remedy}});
  const nlohmann::ordered_json out{{"ok", good}, {"checks", std::move(list)}};
  std::printf("%s\n",
              out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

}  // namespace

int doctor(int argc, char** argv, const AskDirectory& ask_directory) {
  CLI::App app("Looks at what a server needs, and says what is wrong.", "recorte doctor");
  Options options;
  app.add_option("--config", options.config, "The configuration, as of serve")->type_name("FILE");
  app.add_option("--data", options.data, "The data directory, as of serve")->type_name("DIR");
  app.add_option("--surveys", options.surveys, "The directory of survey files, as of serve")
      ->type_name("DIR");
  app.add_flag("--json", options.json, "As JSON");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto findings = look(options, ask_directory);
  const bool good = std::ranges::all_of(findings, &Finding::good);
  options.json ? print_json(findings, good) : print(findings);
  const auto flushed = flush_standard_output();
  if (!flushed) return complain(flushed.error());
  return good ? 0 : 1;
}

}  // namespace recorte::command
