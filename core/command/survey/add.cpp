// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/survey/add.hpp"

#include "core/base/text.hpp"
#include "core/command/admin/client.hpp"
#include "core/command/survey/check.hpp"
#include "core/command/survey/index.hpp"
#include "core/command/tools/tools.hpp"
#include "core/survey/survey_file.hpp"

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

}  // namespace

int add_survey(const AddOptions& options) {
  const auto name = options.name.empty() ? name_of(options.directory) : options.name;
  survey::IndexOptions wanted;
  wanted.directory = options.directory;
  wanted.name = name;
  wanted.surveys = options.where.surveys;
  wanted.seek = options.seek;
  const auto report = run_index(std::move(wanted), options.verbose);
  if (!report) return complain(report.error());
  if (const auto made = make_coverage(options.where, name); !made) return complain(made.error());
  std::printf("\n");
  inspect::CheckOptions check;
  check.where = options.where;
  check.survey = name;
  check.sample = options.sample;
  const int status = check_survey(check, false);
  if (status > 1) return status;
  say_where(options, name);
  return status;
}

}  // namespace recorte::command
