// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/demo_survey.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/survey/index_survey.hpp"

namespace recorte::demo {
namespace {

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
         number_text(kExampleRa) +
         "\n"
         "dec = " +
         number_text(kExampleDec) + "\n";
}

}  // namespace

Result<std::size_t> make_demo_survey(const std::filesystem::path& directory) {
  RECORTE_TRY(make_demo_sky(directory / "sky"));
  const auto surveys = directory / "surveys.d";
  std::error_code error;
  std::filesystem::create_directories(surveys, error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                "cannot make " + surveys.string() + ": " + error.message());
  RECORTE_TRY(write_file(surveys / "demo.toml", demo_toml()));
  const auto report = survey::index_survey({directory / "sky", std::string(kSurvey), surveys, {}});
  if (!report) return fail(report.error());
  return report->images;
}

}  // namespace recorte::demo
