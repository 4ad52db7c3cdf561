// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/command/tools/tools.hpp"
#include "core/demo/demo_sky.hpp"
#include "core/inspect/publish.hpp"
#include "core/plugin/registry.hpp"
#include "core/survey/index_survey.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

/// What looking at the files would not find out.
std::string demo_toml() {
  return "[survey]\n"
         "title = \"Recorte demo sky\"\n"
         "release = \"1\"\n"
         "description = \"A small made-up survey: seven overlapping tiles in three bands\"\n"
         "root = \"../sky\"\n"
         "planes = { image = \"SCI\", mask = \"MSK\", weight = \"WGT\" }\n"
         "zeropoint = 30.0\n"
         "unit = \"ct\"\n\n"
         "[bands]\n"
         "g = \"400..550nm\"\n"
         "r = \"560..710nm\"\n"
         "i = \"710..860nm\"\n\n"
         "[colour.lupton]\n"
         "rgb = [\"i\", \"r\", \"g\"]\n"
         "Q = 8\n"
         "stretch = 100\n"
         "minimum = -12\n\n"
         "[example]\n"
         "ra = " +
         number_text(demo::kExampleRa) +
         "\n"
         "dec = " +
         number_text(demo::kExampleDec) + "\n";
}

Status make(const fs::path& directory) {
  RECORTE_TRY(demo::make_demo_sky(directory / "sky"));
  const auto surveys = directory / "surveys.d";
  std::error_code error;
  fs::create_directories(surveys, error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                "cannot make " + surveys.string() + ": " + error.message());
  RECORTE_TRY(write_file(surveys / "demo.toml", demo_toml()));
  auto report = survey::index_survey({directory / "sky", std::string(demo::kSurvey), surveys, {}});
  if (!report) return fail(std::move(report).error());
  if (const auto covered = inspect::publish_coverage(
          {surveys, plugin::Registry::default_directories()}, std::string(demo::kSurvey));
      !covered)
    std::printf("no coverage: %s\n", covered.error().message.c_str());
  std::printf("%zu images in %s\n", report->images, (directory / "sky").c_str());
  std::printf(
      "recorte cut --surveys %s --survey demo --ra %s --dec %s --size 2arcmin -o demo.png\n",
      surveys.c_str(), number_text(demo::kExampleRa).c_str(),
      number_text(demo::kExampleDec).c_str());
  return {};
}

}  // namespace

int demo(int argc, char** argv) {
  CLI::App app("Writes a small synthetic survey, the same bytes every time, and its survey file.",
               "recorte demo");
  fs::path directory;
  app.add_option("DIR", directory, "Where: DIR/sky gets the images, DIR/surveys.d the survey")
      ->required();
  if (const auto ended = parse(app, argc, argv)) return *ended;
  auto made = make(directory);
  return made ? 0 : complain(made.error());
}

}  // namespace recorte::command
