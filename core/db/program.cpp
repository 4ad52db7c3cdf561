// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/program.hpp"

#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace recorte::db {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

Options options_of(const Database& database) {
  return {PQconninfoParse(database.connection().c_str(), nullptr), &PQconninfoFree};
}

/// This process's environment, and what the URL says beyond it.
std::vector<std::string> environment_for(const Database& database) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) out.emplace_back(*entry);
  const auto options = options_of(database);
  for (const auto* option = options.get(); option && option->keyword; ++option) {
    if (!option->envvar || !option->val) continue;
    const auto name = std::string(option->envvar) + "=";
    std::erase_if(out, [&](const std::string& entry) { return entry.starts_with(name); });
    out.push_back(name + option->val);
  }
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Status run_on(const Database& database, const std::vector<std::string>& arguments) {
  auto words = arguments;
  auto environment = environment_for(database);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr,
                                    pointers(words).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    return fail(ErrorCode::kUnavailable,
                words[0] + " is not installed; on Debian it is in postgresql-client");
  if (failed != 0)
    return fail(ErrorCode::kUnavailable, "cannot run " + words[0] + ": " + std::strerror(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) return {};
  return fail(ErrorCode::kUnavailable,
              words[0] + " failed on the database " + database.name() + "; see what it said above");
}

std::string database_name(const Database& database) {
  const auto options = options_of(database);
  for (const auto* option = options.get(); option && option->keyword; ++option)
    if (std::strcmp(option->keyword, "dbname") == 0 && option->val) return option->val;
  return "";
}

}  // namespace recorte::db
