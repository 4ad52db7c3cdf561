// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-server`: what `recorte serve` runs, and all that looks after a server: `recorte db`,
// `stats`, `user`, `token`, `grant`, `quota`, `audit`, `admin` and `doctor`. Serving starts, says
// where it listens, reloads at SIGHUP, ends in good order at SIGTERM or SIGINT; a second one of
// these ends it at once.
#include "auth/ldap/authenticator.hpp"
#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/command/account/account.hpp"
#include "core/command/admin/admin.hpp"
#include "core/command/db/db.hpp"
#include "core/command/doctor/doctor.hpp"
#include "core/command/stats/stats.hpp"
#include "server/app/options.hpp"
#include "server/app/service.hpp"
#include "server/http/socket.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace recorte;

int complain(const Error& error) {
  std::fprintf(stderr, "recorte: %s\n", error.message.c_str());
  return error_row(error.code).exit_code;
}

void set_up_log(const config::Settings::Log& log) {
  const auto level = log.level == "trace"   ? log::Level::kTrace
                     : log.level == "debug" ? log::Level::kDebug
                     : log.level == "info"  ? log::Level::kInfo
                     : log.level == "warn"  ? log::Level::kWarn
                                            : log::Level::kError;
  const auto form = log.format == "json"   ? log::Form::kJson
                    : log.format == "text" ? log::Form::kText
                                           : log::Form::kAuto;
  log::setup(level, form);
}

sigset_t signals_for_us() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

int wait_for_signal() {
  const auto signals = signals_for_us();
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

/// What is asked of it meanwhile is done.
void wait_for_the_end(const std::function<void()>& reload) {
  while (wait_for_signal() == SIGHUP) reload();
}

int serve(int argc, char** argv) {
  auto options = app::read_options(argc, argv);
  if (!options) return complain(options.error());
  if (const int* status = std::get_if<int>(&*options)) return *status;
  auto& given = std::get<app::Options>(*options);
  set_up_log(given.settings.log);

  // Before any thread starts, so that all of them leave these to wait_for_signal().
  const auto signals = signals_for_us();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto service = app::Service::start(std::move(given));
  if (!service) return complain(service.error());
  std::printf("recorte: listening on %s\n", (*service)->url().c_str());
  std::fflush(stdout);

  wait_for_the_end([&] { (*service)->reload(); });
  log::write(log::Level::kInfo, "ending: requests in flight are finished first");
  std::thread([] {
    wait_for_the_end([] {});
    std::_Exit(EXIT_FAILURE);
  }).detach();
  if (!(*service)->stop())
    log::write(log::Level::kWarn, "the grace period was over before every request was finished");
  service->reset();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  take_standard_descriptors();
  http::raise_descriptor_limit();  // workers, files and databases need them too
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "db") return command::db(argc - 1, argv + 1);
  if (command == "stats") return command::stats(argc - 1, argv + 1);
  if (command == "reload") return command::reload(argc - 1, argv + 1);
  if (command == "admin") return command::admin(argc - 1, argv + 1);
  if (command == "user") return command::user(argc - 1, argv + 1);
  if (command == "token") return command::token(argc - 1, argv + 1);
  if (command == "grant") return command::grant(argc - 1, argv + 1);
  if (command == "quota") return command::quota(argc - 1, argv + 1);
  if (command == "audit") return command::audit(argc - 1, argv + 1);
  if (command == "doctor") return command::doctor(argc - 1, argv + 1, auth::ldap::check);
  // Started by `recorte serve`, whose own name is the program's and whose first word is `serve`.
  const bool named = command == "serve";
  return named ? serve(argc - 1, argv + 1) : serve(argc, argv);
}
