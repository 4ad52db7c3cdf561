// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/command/admin/admin.hpp"
#include "core/command/admin/client.hpp"
#include "core/command/admin/tables.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace recorte::command {
namespace {

Status ask(const std::filesystem::path& config, const std::filesystem::path& data, bool json) {
  const auto socket = socket_of(config, data);
  if (!socket) return fail(socket.error());
  const auto answer = ask_admin(*socket, "POST", "reload");
  if (!answer) return fail(answer.error());
  if (json)
    std::printf("%s\n", answer->dump(2).c_str());
  else
    print_reload(*answer);
  return flush_standard_output();
}

}  // namespace

int reload(int argc, char** argv) {
  CLI::App app("Has a server that runs take up changed plugins, survey files and settings.",
               "recorte reload");
  std::filesystem::path config, data;
  bool json = false;
  app.add_option("--config", config, "The configuration, as of serve")->type_name("FILE");
  app.add_option("--data", data, "The data directory, as of serve")->type_name("DIR");
  app.add_flag("--json", json, "The server's answer as it is");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = ask(config, data, json);
  return done ? 0 : complain(done.error());
}

}  // namespace recorte::command
