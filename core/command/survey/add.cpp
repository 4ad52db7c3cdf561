// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/survey/add.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/command/admin/client.hpp"
#include "core/command/survey/check.hpp"
#include "core/command/survey/index.hpp"
#include "core/command/tools/tools.hpp"
#include "core/plugin/survey_settings.hpp"
#include "core/survey/draft.hpp"
#include "core/survey/survey_file.hpp"
#include "sdk/include/recorte/survey.h"

#include <nlohmann/json.hpp>

#include <cctype>
#include <cstdio>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

/// "DES DR2/" becomes "des_dr2".
std::string name_of(const fs::path& directory) {
  std::error_code error;
  const auto full = fs::weakly_canonical(directory, error);
  auto name = lower(full.filename().string());
  for (auto& c : name)
    if (!survey::good_survey_id(std::string("a") + c)) c = '_';
  return name.starts_with('.') ? name.substr(1) : name;
}

/// Of the server behind the socket, where one runs and has its surveys from here.
std::string running_url(const AddOptions& options) {
  const auto answer = ask_admin(options.socket, "GET", "servers");
  if (!answer) return "";
  for (const auto& server : answer->value("servers", nlohmann::ordered_json::array())) {
    std::error_code error;
    if (server.value("here", false) &&
        fs::equivalent(server.value("surveys", ""), options.where.surveys, error))
      return server.value("url", "");
  }
  return "";
}

void say_where(const AddOptions& options, const std::string& name) {
  const auto page = "/?survey=" + url_encode(name);
  if (const auto url = running_url(options); !url.empty())
    std::printf("see it: %s%s\n", url.c_str(), page.c_str());
  else
    std::printf("see it: http://127.0.0.1:8080%s once this runs:\n  recorte serve --surveys %s\n",
                page.c_str(), options.where.surveys.c_str());
}

/// Whether its adapter finds images by an index; other adapters find them by themselves.
Result<bool> is_indexed(const AddOptions& options, const fs::path& toml) {
  const auto registry = plugin::Registry::scan(options.where.plugins);
  std::error_code error;
  if (fs::exists(toml, error)) {
    const auto file = config::read_toml(toml);
    if (!file) return fail(file.error());
    const auto survey = plugin::complete_survey(*file, registry);
    if (!survey) return fail(survey.error());
    return survey->adapter->manifest.indexed;
  }
  if (options.plugin.empty()) return true;
  const auto adapter = registry.find(options.plugin, RECORTE_SURVEY_V1);
  if (!adapter) return fail(adapter.error());
  return (*adapter)->manifest.indexed;
}

/// The file of a survey that needs no index, where there is none.
Status write_adapted(const AddOptions& options, const fs::path& toml) {
  std::error_code error;
  if (fs::exists(toml, error)) return {};
  if (!fs::is_directory(options.directory, error))
    return fail(ErrorCode::kNotFound, options.directory.string() +
                                          " is not a directory; name that of the survey's files");
  fs::create_directories(options.where.surveys, error);
  RECORTE_TRY(write_file(
      toml, survey::draft_adapted(options.plugin, options.release, toml, options.directory)));
  std::printf("survey file: %s (new)\n", toml.c_str());
  return {};
}

/// Coverage, check, and where to see it.
int finish(const AddOptions& options, const std::string& name) {
  if (const auto made = make_coverage(options.where, name); !made) return complain(made.error());
  std::printf("\n");
  inspect::CheckOptions check;
  check.where = options.where;
  check.survey = name;
  check.sample = options.sample;
  const int status = check_survey(check, false);
  if (status <= 1) say_where(options, name);
  return status;
}

}  // namespace

int add_survey(const AddOptions& options) {
  const auto name = options.name.empty() ? name_of(options.directory) : options.name;
  if (!survey::good_survey_id(name))
    return complain({ErrorCode::kUsage, "'" + name +
                                            "' cannot be a survey's name; name it by --name, with "
                                            "letters, digits, _, - and ."});
  const auto toml = options.where.surveys / (name + ".toml");
  const auto by_index = is_indexed(options, toml);
  if (!by_index) return complain(by_index.error());
  if (!*by_index) {
    if (const auto written = write_adapted(options, toml); !written)
      return complain(written.error());
    return finish(options, name);
  }
  survey::IndexOptions wanted;
  wanted.plugin = options.plugin;
  wanted.release = options.release;
  wanted.directory = options.directory;
  wanted.name = name;
  wanted.surveys = options.where.surveys;
  wanted.seek = options.seek;
  const auto report = run_index(std::move(wanted), options.where, options.verbose);
  if (!report) return complain(report.error());
  return finish(options, name);
}

}  // namespace recorte::command
