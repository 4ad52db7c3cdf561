// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-worker`: the only program that loads plugins and opens FITS. `work` is what a supervisor
// starts; the rest are the commands that `recorte` hands over.
#include "core/command/tools/tools.hpp"
#include "core/plugin/probe.hpp"
#include "core/worker/loop.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string_view>

namespace recorte::command {
namespace {

int work(int argc, char** argv) {
  worker::WorkerOptions options;
  CLI::App app("", "recorte-worker work");
  app.add_option("--surveys", options.surveys);
  app.add_option("--plugins", options.plugins);
  app.add_option("--memory", options.memory);
  app.add_option("--open-files", options.open_files);
  CLI11_PARSE(app, argc, argv);
  return worker::run_loop(options);
}

}  // namespace

int complain(const Error& error) {
  std::fprintf(stderr, "recorte: %s\n", error.message.c_str());
  return error_row(error.code).exit_code;
}

}  // namespace recorte::command

int main(int argc, char** argv) {
  using namespace recorte::command;
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "work") return work(argc - 1, argv + 1);
  if (command == "probe-child" && argc == 4)
    return recorte::plugin::probe_child(argv[2], std::atoi(argv[3]));
  if (command == "survey") return survey(argc - 1, argv + 1);
  if (command == "plugin") return plugin(argc - 1, argv + 1);
  if (command == "demo") return demo(argc - 1, argv + 1);
  std::fputs("recorte-worker is run by recorte; see recorte --help\n", stderr);
  return 2;
}
