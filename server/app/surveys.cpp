// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/surveys.hpp"

#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/config/address.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace recorte::app {
namespace {

namespace fs = std::filesystem;

bool holds_surveys(const fs::path& directory) {
  std::error_code error;
  const fs::directory_iterator entries(directory, error);
  return !error && std::any_of(begin(entries), end(entries), [](const auto& entry) {
    return entry.path().extension() == ".toml";
  });
}

/// Runs `recorte-tools demo DIR`; what it prints goes to standard error.
Status make_demo_sky(const fs::path& tools, const fs::path& directory) {
  const std::string program = tools.string();
  const std::string target = directory.string();
  std::array<char*, 4> arguments{const_cast<char*>(program.c_str()), const_cast<char*>("demo"),
                                 const_cast<char*>(target.c_str()), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    errno = failed;
    return fail(os_error("cannot run " + program));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) return {};
  return fail(ErrorCode::kUnavailable, "the demo sky could not be made in " + target);
}

}  // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Status use_demo_sky_if_empty(config::Settings& settings, const fs::path& tools) {
  if (holds_surveys(settings.surveys)) return {};
  const auto address = config::parse_host_port(settings.server.listen);
  if (!address || !is_loopback(address->host))
    return fail(ErrorCode::kUsage,
                settings.surveys.string() + " holds no survey, and the demo sky is served on " +
                    "loopback only, not on " + settings.server.listen +
                    "; index a survey (recorte survey index), name its directory with --surveys, "
                    "or listen on 127.0.0.1");
  const auto demo = settings.data / "demo";
  if (!holds_surveys(demo / "surveys.d")) RECORTE_TRY(make_demo_sky(tools, demo));
  log::write(log::Level::kInfo, "no survey is configured: the demo sky is served",
             {{"surveys", settings.surveys.c_str()}});
  settings.surveys = demo / "surveys.d";
  return {};
}

}  // namespace recorte::app
