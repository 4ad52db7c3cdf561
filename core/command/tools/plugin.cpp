// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/command/author/author.hpp"
#include "core/command/store/store.hpp"
#include "core/command/tools/tools.hpp"
#include "core/plugin/probe.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace recorte::command {
namespace {

int probe(const std::filesystem::path& file) {
  plugin::ProbeOptions options;
  options.program = program_directory() / "recorte-worker";
  const auto manifest = plugin::probe(file, options);
  if (!manifest) return complain(manifest.error());
  std::printf("%s: %s %s (%s), %s, ABI %d.%d: loads and answers\n", file.c_str(),
              manifest->id.c_str(), manifest->version.c_str(),
              join(manifest->interfaces, ", ").c_str(), manifest->licence.c_str(),
              manifest->abi_major, manifest->abi_minor);
  return 0;
}

}  // namespace

int plugin(int argc, char** argv) {
  CLI::App app("Begins, checks, installs, lists and probes plugins.", "recorte plugin");
  app.require_subcommand(1);
  std::filesystem::path file;
  auto* probe_command = app.add_subcommand("probe", "Loads a plugin in a throw-away process");
  probe_command->add_option("FILE", file, "The library")->required();
  const auto run_author_command = add_author_commands(app);
  const auto run_store_command = add_store_commands(app);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  if (const auto ended = run_author_command()) return *ended;
  if (const auto ended = run_store_command()) return *ended;
  return probe(file);
}

}  // namespace recorte::command
