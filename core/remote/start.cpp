// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/start.hpp"

#include "core/remote/wire.hpp"

#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace recorte::remote {

Result<Fd> start_fetcher() {
  auto ends = make_link();
  if (!ends) return fail(std::move(ends).error());
  std::string program = program_directory() / "recorte-tools", command = "fetch";
  char* arguments[] = {program.data(), command.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends->second.get(), kLinkDescriptor);
  pid_t pid = -1;
  errno = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments, environ);
  const bool started = errno == 0;
  const auto error = os_error("cannot start " + program + ", which fetches remote files");
  ::posix_spawn_file_actions_destroy(&actions);
  if (!started) return fail(error);
  return std::move(ends->first);
}

}  // namespace recorte::remote
