// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/store/store.hpp"

#include "core/command/store/commands.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace recorte::command {
namespace {

struct Options {
  BundleOptions bundle;
  ChangeOptions change;
  std::string key_name;
  std::filesystem::path key_file;
};

void add_place(CLI::App& command, Place& place) {
  command.add_option("--config", place.config, "The server's configuration (recorte.toml)");
  command.add_option("--data", place.data, "The server's data directory");
}

void add_directories(CLI::App& command, Place& place) {
  command.add_option("--plugins", place.plugins, "A directory of plugins; may be repeated");
}

}  // namespace

std::function<std::optional<int>()> add_store_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto& change = options->change;
  std::map<CLI::App*, std::function<int()>> commands;
  const auto add = [&](const char* name, const char* help, std::function<int()> run) -> CLI::App& {
    auto* command = app.add_subcommand(name, help);
    commands.emplace(command, std::move(run));
    return *command;
  };

  auto& bundle = add("bundle", "Packs a plugin, its manifest and documents into one file",
                     [options] { return make_bundle(options->bundle); });
  bundle
      .add_option("SOURCE", options->bundle.source,
                  "A project that is built, a directory with one library, or a library")
      ->required();
  bundle.add_option("-o,--output", options->bundle.output, "The bundle; else ID-VERSION.recorte");
  bundle.add_option("--sign", options->bundle.key, "A secret key (recorte plugin key)");

  auto& key = add("key", "Makes a key to sign bundles with, and prints its public half",
                  [options] { return make_key(options->key_name, options->key_file); });
  key.add_option("NAME", options->key_name, "What others call it: a team, a person")->required();
  key.add_option("-o,--output", options->key_file, "Where the secret half goes; else NAME.key");

  auto& install_command = add("install", "Takes a bundle into the store, after a trial",
                              [options] { return install(options->change); });
  install_command.add_option("BUNDLE", change.bundle, "The file")->required();
  install_command.add_flag("--enable", change.enable, "Enable it as well");
  install_command.add_flag("--only", change.only, "Enable it, and disable its other versions");
  add_place(install_command, change.place);

  const auto add_name = [&](CLI::App& command, const char* help) {
    command.add_option("NAME", change.name, help)->required();
    add_place(command, change.place);
  };
  auto& enable_command = add("enable", "Lets surveys have a plugin that is installed",
                             [options] { return enable(options->change); });
  add_name(enable_command, "ID or ID@VERSION; else the newest");
  enable_command.add_flag("--only", change.only, "Disable its other versions");
  add_name(add("disable", "Lets surveys have it no longer",
               [options] { return disable(options->change); }),
           "ID@VERSION, or ID for all versions");
  auto& remove_command = add("remove", "Takes a plugin out of the store",
                             [options] { return remove(options->change); });
  add_name(remove_command, "ID@VERSION; ID where there is one version");
  remove_command.add_flag("--force", change.force, "Though surveys are served by it");

  auto& list_command = add("list", "The plugins there are, read without running them",
                           [options] { return list_plugins(options->change.place); });
  add_place(list_command, change.place);
  add_directories(list_command, change.place);
  auto& info_command =
      add("info", "What a plugin says of itself, its README, and who uses it",
          [options] { return show_plugin(options->change.place, options->change.name); });
  add_name(info_command, "ID, the newest that is enabled; ID@VERSION; or a bundle");
  add_directories(info_command, change.place);

  return [commands = std::move(commands)]() -> std::optional<int> {
    for (const auto& [command, run] : commands)
      if (command->parsed()) return run();
    return {};
  };
}

}  // namespace recorte::command
