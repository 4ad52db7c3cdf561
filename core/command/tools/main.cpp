// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-tools`: the commands that `recorte` hands over, which open FITS and plugins themselves,
// or ask a server elsewhere.
#include "core/base/io.hpp"
#include "core/command/tools/tools.hpp"

#include <cstdio>
#include <string_view>

namespace {

using namespace recorte;

int run(std::string_view name, int argc, char** argv) {
  if (name == "config") return command::config(argc, argv);
  if (name == "survey") return command::survey(argc, argv);
  if (name == "plugin") return command::plugin(argc, argv);
  if (name == "demo") return command::demo(argc, argv);
  if (name == "login") return command::login(argc, argv);
  if (name == "logout") return command::logout(argc, argv);
  if (name == "fetch") return command::fetch();
  if (name == "whoami") return command::whoami(argc, argv);
  std::fputs("recorte-tools is run by recorte; see recorte --help\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const int status = run(argc > 1 ? argv[1] : "", argc - 1, argv + 1);
  if (status != 0) return status;
  const auto flushed = flush_standard_output();
  return flushed ? 0 : command::complain(flushed.error());
}
