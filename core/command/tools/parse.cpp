// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace recorte::command {

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
