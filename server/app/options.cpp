// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/options.hpp"

#include "core/config/address.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace recorte::app {

Result<std::variant<config::Settings, int>> read_options(int argc, char** argv) {
  std::filesystem::path file;
  std::filesystem::path data;
  std::filesystem::path surveys;
  std::vector<std::filesystem::path> plugins;
  std::string listen;
  CLI::App app("Serves cutouts over HTTP.", "recorte serve");
  app.add_option("--config", file, "The configuration (docs/reference/configuration.md)")
      ->type_name("FILE");
  app.add_option("--data", data, "The directory of the database and of results")->type_name("DIR");
  app.add_option("--surveys", surveys,
                 "The directory of survey files; else of the configuration, else RECORTE_SURVEYS, "
                 "else surveys.d in the data directory")
      ->type_name("DIR");
  app.add_option("--plugins", plugins, "A directory of plugins; may be repeated")->type_name("DIR");
  app.add_option("--listen", listen, "Where to listen; port 0 takes a free one")
      ->type_name("HOST:PORT");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return fail(ErrorCode::kUsage,
                std::string(error.what()) + " (recorte serve --help lists the options)");
  }
  config::Settings settings;
  if (!file.empty()) {
    auto read = config::read_settings(file);
    if (!read) return fail(std::move(read).error());
    settings = std::move(*read);
  } else if (const char* environment = std::getenv("RECORTE_SURVEYS");
             environment && *environment) {
    settings.surveys = environment;
  }
  if (!data.empty()) settings.data = data;
  if (!surveys.empty()) settings.surveys = surveys;
  if (!plugins.empty()) settings.plugins.directories = plugins;
  if (!listen.empty()) settings.server.listen = listen;
  if (auto address = config::parse_host_port(settings.server.listen); !address)
    return fail(std::move(address).error());
  settings.surveys = config::surveys_directory(settings);
  settings.plugins.store = config::plugin_store(settings);
  return settings;
}

}  // namespace recorte::app
