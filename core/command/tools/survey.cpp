// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/command/tools/tools.hpp"
#include "core/cutout/cutter.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/survey_settings.hpp"
#include "core/survey/index_survey.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSkippedShown = 20;
constexpr int kBarWidth = 40;

/// A bar on a terminal, nothing elsewhere.
void show_progress(std::size_t done, std::size_t total) {
  if (total == 0) return;
  static std::size_t shown = static_cast<std::size_t>(-1);
  const auto per_mille = 1000 * done / total;
  if (per_mille == shown) return;
  shown = per_mille;
  const auto full = static_cast<int>(per_mille * kBarWidth / 1000);
  std::fprintf(stderr, "\r[%.*s%*s] %zu of %zu%s", full, "########################################",
               kBarWidth - full, "", done, total, done == total ? "\n" : "");
}

void print(const survey::IndexReport& report, bool all_skipped) {
  if (report.images > 0) {
    std::vector<std::string> bands;
    for (const auto& [name, count] : report.bands)
      bands.push_back(name + " (" + std::to_string(count) + ")");
    std::printf("%zu image%s; bands %s\n", report.images, report.images == 1 ? "" : "s",
                join(bands, ", ").c_str());
    std::printf("files: %zu added, %zu changed, %zu unchanged, %zu removed, %zu skipped\n",
                report.added, report.changed, report.unchanged, report.removed,
                report.skipped.size());
    std::printf("survey file: %s%s\n", report.toml.c_str(),
                report.toml_written ? " (new: read it, it has questions)" : "");
    std::printf("index: %s\n", report.index.c_str());
  }
  if (const auto& seek = report.seek) {
    std::printf(
        "places in compressed images: %lld files, %lld of them new, %lld old ones removed; "
        "%.1f MB in %s\n",
        static_cast<long long>(seek->files), static_cast<long long>(seek->written),
        static_cast<long long>(seek->removed), static_cast<double>(seek->bytes) / 1e6,
        survey::seek_directory(report.index).c_str());
    for (const auto& failed : seek->failed) std::printf("no places: %s\n", failed.reason.c_str());
  }
  const auto shown =
      all_skipped ? report.skipped.size() : std::min(report.skipped.size(), kSkippedShown);
  for (std::size_t i = 0; i < shown; ++i)
    std::printf("skipped %s: %s\n", report.skipped[i].path.c_str(),
                report.skipped[i].reason.c_str());
  if (shown < report.skipped.size())
    std::printf("skipped %zu more; --verbose names them\n", report.skipped.size() - shown);
}

/// What the adapter brings, of a survey whose images are found by its index.
Result<config::Document> complete(const config::Document& file) {
  const auto plugins = plugin::Registry::scan(plugin::Registry::default_directories());
  auto settings = plugin::complete_survey(file, plugins);
  if (!settings) return fail(std::move(settings).error());
  const auto& manifest = settings->adapter->manifest;
  if (!manifest.indexed)
    return fail(file.error("/survey/plugin", "the adapter " + manifest.id +
                                                 " finds its images by itself: there is nothing to "
                                                 "index, and the survey is served as it is"));
  return std::move(settings->document);
}

int index(survey::IndexOptions options, bool verbose) {
  options.complete = complete;
  if (::isatty(STDERR_FILENO)) options.progress = show_progress;
  auto report = survey::index_survey(options);
  if (!report) return complain(report.error());
  print(*report, verbose);
  if (report->images == 0)
    return complain({ErrorCode::kNotFound, "no image was found in " + report->root.string() +
                                               "; nothing was written, and an index from before "
                                               "stays as it is"});
  return 0;
}

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
  survey::IndexOptions options;
  options.surveys = environment && *environment ? environment : "surveys.d";
  std::string one;
  bool verbose = false;
  CLI::App app("Indexes, lists and describes surveys.", "recorte survey");
  app.require_subcommand(1);
  auto add_surveys = [&](CLI::App* command) {
    command->add_option("--surveys", options.surveys,
                        "The directory of survey files; else RECORTE_SURVEYS, else surveys.d");
  };
  auto* index_command = app.add_subcommand(
      "index",
      "Finds the images in a directory; writes NAME.toml (where there is none) and the index");
  index_command->add_option("DIR", options.directory,
                            "The directory of images; the root of NAME.toml otherwise");
  index_command->add_option("--name", options.name, "The survey's id")->required();
  index_command->add_flag("--verbose", verbose, "Name every file that was skipped");
  index_command->add_flag("--seek", options.seek,
                          "Also note where images compressed by RICE_1 can be entered, which makes "
                          "small cutouts of them many times as fast; takes a second for 100 "
                          "megapixels, and a thirtieth of a byte for each");
  add_surveys(index_command);
  add_surveys(app.add_subcommand("list", "The surveys there are"));
  auto* show_command = app.add_subcommand("show", "What a survey says of itself, as JSON");
  show_command->add_option("NAME", one, "The survey's id")->required();
  add_surveys(show_command);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  if (index_command->parsed()) return index(std::move(options), verbose);
  return list(options.surveys, one);
}

}  // namespace recorte::command
