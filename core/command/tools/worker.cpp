// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-worker`: what a supervisor starts to make cutouts, and to probe a plugin in. It links
// what a cutout needs and no more: a cold cutout waits for its libraries. The commands that
// `recorte` hands over are recorte-tools.
#include "core/command/tools/tools.hpp"
#include "core/plugin/probe.hpp"
#include "core/worker/fence.hpp"
#include "core/worker/loop.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace recorte;

int work(int argc, char** argv) {
  worker::WorkerOptions options;
  CLI::App app("", "recorte-worker work");
  app.add_option("--surveys", options.surveys);
  app.add_option("--plugins", options.plugins);
  std::vector<std::tuple<std::string, std::string, std::string>> withdrawn;
  app.add_option("--withdrawn", withdrawn);
  app.add_option("--memory", options.memory);
  app.add_option("--open-files", options.cache.open_files);
  app.add_option("--unpacked", options.cache.unpacked);
  app.add_option("--decoded-tiles", options.cache.decoded_tiles);
  app.add_option("--seek-points", options.cache.seek_points);
  app.add_flag("--fenced", options.fenced);
  app.add_flag("--fetched-for", options.fetched_for);
  app.add_flag("--idle", options.idle);
  if (const auto ended = command::parse(app, argc, argv)) return *ended;
  for (auto& [id, version, why] : withdrawn)
    options.withdrawn.push_back({std::move(id), std::move(version), std::move(why)});
  return worker::run_loop(options);
}

/// A library that nobody knows yet writes nothing and reaches nobody: what it reads, as those that
/// it needs may lie anywhere, it can tell no one. That it was refused is the probe's to say.
int probe(const char* library, const char* descriptor) {
  if (!worker::give_up_rights() || !worker::fence_files({"/"}) || !worker::fence_calls())
    return EXIT_FAILURE;
  return plugin::probe_child(library, std::atoi(descriptor));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "work") return work(argc - 1, argv + 1);
  if (command == "probe-child" && argc == 4) return probe(argv[2], argv[3]);
  std::fputs("recorte-worker is run by recorte; see recorte --help\n", stderr);
  return 2;
}
