// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte`: the command. It cuts through a pool of workers; what opens FITS or plugins itself
// (survey, plugin, demo), or asks a server elsewhere (login, logout, whoami), is recorte-tools'
// work and runs there; serving, and all that looks after a server, is recorte-server's.
#include "core/base/io.hpp"
#include "core/base/version.hpp"
#include "core/command/front/cut.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kUsage = R"(Recorte: cutouts of sky surveys.

  recorte cut      cut a patch of sky out of a survey       recorte cut --help
  recorte serve    serve cutouts over HTTP                  recorte serve --help
  recorte db       look after the server's database         recorte db --help
  recorte stats    say how well estimates came true         recorte stats --help
  recorte user     look after accounts                      recorte user --help
  recorte token    look after their tokens                  recorte token --help
  recorte grant    say who may do what                      recorte grant --help
  recorte quota    say what a user has used                 recorte quota --help
  recorte audit    say who did what                         recorte audit --help
  recorte admin    look after a server that runs           recorte admin --help
  recorte reload   have it take up changed plugins         recorte reload --help
  recorte doctor   say what a server lacks                 recorte doctor --help
  recorte config   say all that is wrong with settings      recorte config --help
  recorte survey   add, check, index and describe surveys   recorte survey --help
  recorte plugin   begin, check and install plugins         recorte plugin --help
  recorte demo     write a small synthetic survey           recorte demo DIR
  recorte login    sign in at a server elsewhere            recorte login --help
  recorte logout   revoke the token of that                 recorte logout --help
  recorte whoami   say who you are there                    recorte whoami --help
  recorte --version
)";

int hand_over(const char* name, char** argv) {
  const auto program = (recorte::program_directory() / name).string();
  argv[0] = const_cast<char*>(program.c_str());
  ::execv(program.c_str(), argv);
  std::fprintf(stderr, "recorte: cannot run %s; it belongs beside recorte\n", program.c_str());
  return 127;
}

int run(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "--help";
  if (command == "cut") return recorte::command::cut(argc - 1, argv + 1);
  if (command == "serve" || command == "db" || command == "stats" || command == "admin" ||
      command == "doctor" || command == "reload" || command == "user" || command == "token" ||
      command == "grant" || command == "quota" || command == "audit")
    return hand_over("recorte-server", argv);
  if (command == "config" || command == "survey" || command == "plugin" || command == "demo" ||
      command == "login" || command == "logout" || command == "whoami")
    return hand_over("recorte-tools", argv);
  if (command == "--version") {
    std::printf("recorte %s\n", std::string(recorte::version()).c_str());
    return 0;
  }
  const bool asked = command == "--help" || command == "-h" || command == "help";
  std::fputs(std::string(kUsage).c_str(), asked ? stdout : stderr);
  if (!asked)
    std::fprintf(stderr, "\nrecorte: there is no command '%s'\n", std::string(command).c_str());
  return asked ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  recorte::take_standard_descriptors();
  const int status = run(argc, argv);
  if (status != 0) return status;
  const auto flushed = recorte::flush_standard_output();
  return flushed ? 0 : recorte::command::complain(flushed.error());
}
