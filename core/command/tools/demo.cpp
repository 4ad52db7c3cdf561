// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/command/tools/tools.hpp"
#include "core/demo/demo_survey.hpp"
#include "core/inspect/publish.hpp"
#include "core/plugin/registry.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

Status make(const fs::path& directory) {
  const auto surveys = directory / "surveys.d";
  const auto images = demo::make_demo_survey(directory);
  if (!images) return fail(images.error());
  if (const auto covered = inspect::publish_coverage(
          {surveys, plugin::Registry::default_directories()}, std::string(demo::kSurvey));
      !covered)
    std::printf("no coverage: %s\n", covered.error().message.c_str());
  std::printf("%zu images in %s\n", *images, (directory / "sky").c_str());
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
