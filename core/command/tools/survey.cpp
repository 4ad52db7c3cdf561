// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/command/store/place.hpp"
#include "core/command/survey/add.hpp"
#include "core/command/survey/check.hpp"
#include "core/command/survey/index.hpp"
#include "core/command/tools/tools.hpp"
#include "core/cutout/cutter.hpp"
#include "core/inspect/sources.hpp"
#include "core/plugin/registry.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

int list(const inspect::Where& where, const std::string& one) {
  cutout::Cutter cutter(where.surveys, plugin::Registry::scan(where.plugins), {.open_files = 1});
  const cutout::Watch watch;
  if (!one.empty()) {
    auto survey = cutter.catalogue().survey(one, watch);
    if (!survey) return complain(survey.error());
    std::printf("%s\n", cutout::describe(**survey).dump(2).c_str());
    return 0;
  }
  const auto ids = cutter.catalogue().ids();
  if (ids.empty())
    return complain({ErrorCode::kNotFound, "there is no survey in " + where.surveys.string() +
                                               "; make one with recorte survey add"});
  for (const auto& id : ids) {
    auto survey = cutter.catalogue().survey(id, watch);
    if (!survey) {
      std::printf("%-20s cannot be served: %s\n", id.c_str(), survey.error().message.c_str());
      continue;
    }
    std::vector<std::string> bands;
    for (const auto& band : (*survey)->bands) bands.push_back(band.name);
    std::printf("%-20s %-20s %s\n", id.c_str(), join(bands, ",").c_str(), (*survey)->title.c_str());
  }
  return 0;
}

/// Where surveys are that no option names, and no configuration.
fs::path usual_surveys() {
  const char* environment = std::getenv("RECORTE_SURVEYS");
  return environment && *environment ? environment : "surveys.d";
}

}  // namespace

int survey(int argc, char** argv) {
  Place place;
  inspect::Where where;
  survey::IndexOptions indexing;
  AddOptions adding;
  inspect::CheckOptions checking;
  std::string shown;
  bool verbose = false, all = false, json = false;
  CLI::App app("Adds, checks, indexes, lists and describes surveys.", "recorte survey");
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* help) {
    auto* out = app.add_subcommand(name, help);
    out->add_option("--surveys", where.surveys,
                    "The directory of survey files; else of the configuration, else "
                    "RECORTE_SURVEYS, else surveys.d")
        ->type_name("DIR");
    out->add_option("--config", place.config, "The configuration of the server")->type_name("FILE");
    out->add_option("--data", place.data, "Its data directory, where its plugins are installed")
        ->type_name("DIR");
    return out;
  };
  const auto seeks = [](CLI::App* of, bool& seek) {
    of->add_flag("--seek", seek,
                 "Also note where images compressed by RICE_1 can be entered, which makes "
                 "small cutouts of them many times as fast; takes a second for 100 "
                 "megapixels, and a thirtieth of a byte for each");
  };
  auto* add = command("add",
                      "Makes a survey of a directory of images: its file, index, coverage and "
                      "check in one go. Again: brings it up to date");
  add->add_option("DIR", adding.directory, "The directory of images")->required();
  add->add_option("--name", adding.name, "The survey's id; else made of the directory's name");
  add->add_option("--plugin", adding.plugin,
                  "The adapter of a new survey, which brings what is known of it: des, sdss, …");
  add->add_option("--release", adding.release, "Which release of it the files are");
  add->add_option("--sample", adding.sample, "How many images the check opens; else 100");
  add->add_flag("--verbose", adding.verbose, "Name every file that was skipped");
  seeks(add, adding.seek);
  auto* check = command("check",
                        "Opens a sample of a survey's images: coverage, missing and broken files, "
                        "WCS, headers, speed");
  check->add_option("NAME", checking.survey, "The survey's id")->required();
  check->add_option("--sample", checking.sample, "How many images to open; else 100");
  check->add_flag("--all", all, "Open all of them");
  check->add_option("--seed", checking.seed, "Another one, another sample; else 1");
  check->add_flag("--json", json, "For programs");
  auto* index = command(
      "index",
      "Finds the images in a directory; writes NAME.toml (where there is none) and the index");
  index->add_option("DIR", indexing.directory,
                    "The directory of images; the root of NAME.toml otherwise");
  index->add_option("--name", indexing.name, "The survey's id")->required();
  index->add_flag("--verbose", verbose, "Name every file that was skipped");
  seeks(index, indexing.seek);
  auto* cover = command("coverage",
                        "Makes a survey's picture and MOC anew, whatever its adapter; index and "
                        "add do so by themselves");
  cover->add_option("NAME", shown, "The survey's id")->required();
  command("list", "The surveys there are");
  command("show", "What a survey says of itself, as JSON")
      ->add_option("NAME", shown, "The survey's id")
      ->required();
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto settings = settings_at(place);
  if (!settings) return complain(settings.error());
  if (where.surveys.empty())
    where.surveys = place.config.empty() ? usual_surveys() : settings->surveys;
  where.plugins =
      plugin::Registry::directories(settings->plugins.directories, config::plugin_store(*settings));
  adding.where = checking.where = where;
  adding.socket = config::admin_socket(*settings);
  indexing.surveys = where.surveys;
  if (all) checking.sample = inspect::kMost;
  if (add->parsed()) return add_survey(adding);
  if (check->parsed()) return check_survey(checking, json);
  if (index->parsed()) return index_survey(std::move(indexing), where, verbose);
  if (cover->parsed()) {
    const auto made = make_coverage(where, shown);
    return made ? 0 : complain(made.error());
  }
  return list(where, shown);
}

}  // namespace recorte::command
