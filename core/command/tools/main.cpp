// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-worker`: the only program that loads plugins and opens FITS. `work` is what a supervisor
// starts; the rest are the commands that `recorte` hands over.
#include "core/base/io.hpp"
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
  if (const auto ended = parse(app, argc, argv)) return *ended;
  return worker::run_loop(options);
}

int run(std::string_view command, int argc, char** argv) {
  if (command == "survey") return survey(argc, argv);
  if (command == "plugin") return plugin(argc, argv);
  if (command == "demo") return demo(argc, argv);
  std::fputs("recorte-worker is run by recorte; see recorte --help\n", stderr);
  return 2;
}

}  // namespace

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return {};
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return complain({ErrorCode::kUsage, std::string(error.what()) + " (" + app.get_name() +
                                            " --help lists the options)"});
  }
}

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
  const int status = run(command, argc - 1, argv + 1);
  if (status != 0) return status;
  const auto flushed = recorte::flush_standard_output();
  return flushed ? 0 : complain(flushed.error());
}
