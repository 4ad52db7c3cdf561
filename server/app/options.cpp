// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/options.hpp"

#include "core/config/address.hpp"
#include "core/config/document.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <utility>

namespace recorte::app {
namespace {

using nlohmann::json;

/// Of two tables; `path` is theirs, with a dot at its end.
void compare(const json& one, const json& other, const std::string& path,
             std::vector<std::string>& out) {
  const auto at = [](const json& table, const std::string& key) {
    const auto found = table.find(key);
    return found == table.end() ? json() : *found;
  };
  auto keys = one;
  keys.update(other);
  for (const auto& [key, unused] : keys.items()) {
    const auto a = at(one, key), b = at(other, key);
    if (a == b) continue;
    if (a.is_object() || b.is_object())
      compare(a.is_object() ? a : json::object(), b.is_object() ? b : json::object(),
              path + key + ".", out);
    else
      out.push_back(path + key);
  }
}

}  // namespace

std::vector<std::string> changed_keys(const Options& one, const Options& other) {
  std::vector<std::string> out;
  compare(one.said, other.said, "", out);
  return out;
}

Result<std::variant<Options, int>> read_options(int argc, char** argv) {
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
  Options out;
  auto& settings = out.settings;
  if (!file.empty()) {
    const auto document = config::read_toml(file);
    if (!document) return fail(document.error());
    auto read = config::settings_of(*document);
    if (!read) return fail(std::move(read).error());
    settings = std::move(*read);
    out.said = *document->value;
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
  out.again = [argc, argv]() -> Result<Options> {
    auto read = read_options(argc, argv);
    if (!read) return fail(std::move(read).error());
    return std::move(std::get<Options>(*read));
  };
  return out;
}

}  // namespace recorte::app
