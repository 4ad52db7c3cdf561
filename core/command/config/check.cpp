// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/config/check.hpp"

#include "core/command/store/place.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/document.hpp"
#include "core/config/settings_check.hpp"
#include "core/inspect/file_check.hpp"
#include "core/plugin/registry.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Checked {
  fs::path file;
  std::vector<Error> complaints;
};

std::vector<fs::path> toml_files(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".toml") out.push_back(at->path());
  std::ranges::sort(out);
  return out;
}

class Check {
 public:
  explicit Check(const ConfigCheck& options) : options_(options) {}

  std::vector<Checked> run() {
    if (options_.files.empty()) {
      server(options_.config);
    } else {
      for (const auto& file : options_.files)
        is_survey(file) ? survey(file, plugins_of(config::Settings())) : server(file);
    }
    return std::move(out_);
  }

 private:
  /// A survey's file has a section [survey], which no configuration has.
  static bool is_survey(const fs::path& file) {
    const auto document = config::read_toml(file);
    return document ? document->value->contains("survey") : file.filename() != "recorte.toml";
  }

  /// The configuration, "" for the defaults, and the surveys that it names.
  void server(const fs::path& file) {
    config::Settings settings;
    if (!file.empty()) {
      auto& complaints = out_.emplace_back(Checked{file, {}}).complaints;
      const auto document = config::read_toml(file);
      if (!document) {
        complaints.push_back(document.error());
        return;
      }
      complaints = config::settings_complaints(*document);
      // Where the surveys are may not be known.
      if (!complaints.empty() && options_.surveys.empty()) return;
      if (auto read = config::settings_of(*document)) settings = std::move(*read);
    }
    if (!options_.data.empty()) settings.data = options_.data;
    const char* environment = std::getenv("RECORTE_SURVEYS");
    if (file.empty() && environment && *environment) settings.surveys = environment;
    if (!options_.surveys.empty()) settings.surveys = options_.surveys;
    const auto directory = config::surveys_directory(settings);
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
      const std::string sentence = directory.string() +
                                   ": there is no such directory of surveys; make it, or name "
                                   "another (surveys, --surveys)";
      out_.push_back({directory, {{ErrorCode::kNotFound, sentence}}});
    }
    for (const auto& each : toml_files(directory)) survey(each, plugins_of(settings));
  }

  void survey(const fs::path& file, const std::vector<fs::path>& plugins) {
    out_.push_back({file, inspect::check_file({file.parent_path(), plugins}, file.stem())});
  }

  std::vector<fs::path> plugins_of(config::Settings settings) const {
    if (!options_.data.empty()) settings.data = options_.data;
    return plugin::Registry::directories(settings.plugins.directories,
                                         config::plugin_store(settings));
  }

  const ConfigCheck& options_;
  std::vector<Checked> out_;
};

void print(const std::vector<Checked>& all) {
  const bool colour = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  for (const auto& [file, complaints] : all) {
    if (complaints.empty())
      std::printf("%s  %s\n", colour ? "\033[32mok\033[0m  " : "ok  ", file.c_str());
    for (const auto& complaint : complaints)
      std::printf("%s  %s\n", colour ? "\033[31mFAIL\033[0m" : "FAIL", complaint.message.c_str());
  }
  if (all.empty()) std::printf("ok    the defaults, and no survey\n");
}

void print_json(const std::vector<Checked>& all) {
  auto out = ordered_json::array();
  for (const auto& [file, complaints] : all) {
    std::vector<std::string> sentences;
    std::ranges::transform(complaints, std::back_inserter(sentences), &Error::message);
    out.push_back({{"file", file.string()}, {"ok", complaints.empty()}, {"complaints", sentences}});
  }
  std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

}  // namespace

int check_config(const ConfigCheck& options) {
  const auto all = Check(options).run();
  options.json ? print_json(all) : print(all);
  const auto good =
      std::ranges::all_of(all, [](const Checked& checked) { return checked.complaints.empty(); });
  return good ? 0 : error_row(ErrorCode::kUsage).exit_code;
}

int config(int argc, char** argv) {
  ConfigCheck options;
  CLI::App app("Looks at a server's configuration.", "recorte config");
  app.require_subcommand(1);
  auto* check = app.add_subcommand(
      "check", "All that is wrong with the configuration and with the file of each survey");
  check->add_option("FILE", options.files, "A configuration, with its surveys, or a survey's file");
  check->add_option("--config", options.config, "The configuration of the server")
      ->type_name("FILE");
  check->add_option("--data", options.data, "Its data directory")->type_name("DIR");
  check->add_option("--surveys", options.surveys, "Its directory of survey files")
      ->type_name("DIR");
  check->add_flag("--json", options.json, "For programs");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  return check_config(options);
}

}  // namespace recorte::command
