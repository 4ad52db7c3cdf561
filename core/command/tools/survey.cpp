// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
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

int list(const fs::path& surveys, const std::string& one) {
  cutout::Cutter cutter(surveys, plugin::Registry::scan(plugin::Registry::default_directories()),
                        {.open_files = 1});
  const cutout::Watch watch;
  if (!one.empty()) {
    auto survey = cutter.catalogue().survey(one, watch);
    if (!survey) return complain(survey.error());
    std::printf("%s\n", cutout::describe(**survey).dump(2).c_str());
    return 0;
  }
  const auto ids = cutter.catalogue().ids();
  if (ids.empty())
    return complain({ErrorCode::kNotFound, "there is no survey in " + surveys.string() +
                                               "; make one with recorte survey index"});
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

}  // namespace

int survey(int argc, char** argv) {
  const char* environment = std::getenv("RECORTE_SURVEYS");
  fs::path surveys = environment && *environment ? environment : "surveys.d";
  survey::IndexOptions indexing;
  AddOptions adding;
  inspect::CheckOptions checking;
  std::string shown;
  bool verbose = false, all = false, json = false;
  CLI::App app("Adds, checks, indexes, lists and describes surveys.", "recorte survey");
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* help) {
    auto* out = app.add_subcommand(name, help);
    out->add_option("--surveys", surveys,
                    "The directory of survey files; else RECORTE_SURVEYS, else surveys.d")
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
  add->add_option("--sample", adding.sample, "How many images the check opens; else 100");
  add->add_option("--config", adding.config, "The configuration of the server that may run")
      ->type_name("FILE");
  add->add_option("--data", adding.data, "Its data directory")->type_name("DIR");
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
  adding.surveys = indexing.surveys = checking.surveys = surveys;
  if (all) checking.sample = inspect::kMost;
  if (add->parsed()) return add_survey(adding);
  if (check->parsed()) return check_survey(checking, json);
  if (index->parsed()) return index_survey(std::move(indexing), verbose);
  if (cover->parsed()) {
    const auto made = make_coverage(surveys, shown);
    return made ? 0 : complain(made.error());
  }
  return list(surveys, shown);
}

}  // namespace recorte::command
