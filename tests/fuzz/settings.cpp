// SPDX-License-Identifier: BSD-3-Clause
//
// TOML: recorte.toml and the files of surveys, their patterns and templates. What is complained of
// has its line.
#include "core/config/settings.hpp"

#include "core/config/document.hpp"
#include "core/survey/access_file.hpp"
#include "core/survey/path_template.hpp"
#include "core/survey/pattern.hpp"
#include "core/survey/survey_file.hpp"
#include "fuzz.hpp"

namespace recorte::fuzz {
namespace {

void check_complaint(const Error& error) {
  require(error.message.starts_with("a/demo.toml"), "a complaint names its file: " + error.message);
  require(error.message.find('\n') == std::string::npos, "a complaint is a line: " + error.message);
}

void check_names(const survey::SurveyFile& file) {
  if (const auto pattern = survey::Pattern::parse(file.pattern)) {
    (void)pattern->match("a/b/demo_12_g_image.fits");
    (void)pattern->match(file.pattern);
  }
  const auto path = survey::PathTemplate::parse(file.path);
  if (!path) return;
  const auto filled = path->fill([](const std::string& field) { return field + "*"; });
  if (filled) (void)survey::glob_match(*filled, "tile*/tile_r_1.fits");
}

}  // namespace

void attempt(std::string_view input) {
  const auto document = config::parse_toml(input, "a/demo.toml");
  if (!document) return check_complaint(document.error());
  if (const auto settings = config::settings_of(*document); !settings)
    check_complaint(settings.error());
  if (const auto access = survey::survey_access_of(*document); !access)
    check_complaint(access.error());
  const auto file = survey::survey_file_of(*document);
  if (!file) return check_complaint(file.error());
  check_names(*file);
}

}  // namespace recorte::fuzz
