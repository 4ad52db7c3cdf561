// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/process_state.hpp"

#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace recorte::check {
namespace {

namespace fs = std::filesystem;

std::size_t entries(const char* directory) {
  std::error_code error;
  std::size_t count = 0;
  for (auto it = fs::directory_iterator(directory, error); it != fs::directory_iterator(); ++it)
    ++count;
  return count;
}

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", error)) {
    const auto target = fs::read_symlink(entry.path(), error).string();
    // The one that lists them is among them.
    if (!target.ends_with("/fd")) out[std::atoi(entry.path().filename().c_str())] = target;
  }
  return out;
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace

ProcessState ProcessState::now() {
  ProcessState out;
  out.threads = entries("/proc/self/task");
  out.descriptors = open_descriptors();
  for (int number = 1; number < static_cast<int>(out.handlers.size()); ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) == 0)
      out.handlers[static_cast<std::size_t>(number)] = reinterpret_cast<void*>(action.sa_handler);
  }
  std::error_code error;
  out.directory = fs::current_path(error).string();
  for (const auto& entry : fs::directory_iterator(".", error))
    out.files.insert(entry.path().filename().string());
  out.locale = std::setlocale(LC_ALL, nullptr);
  for (char** variable = environ; *variable != nullptr; ++variable)
    out.environment += std::string(*variable) + "\n";
  out.mask = ::umask(0);
  ::umask(out.mask);
  out.rounding = std::fegetround();
  out.children = has_children();
  return out;
}

std::vector<std::string> ProcessState::changes(const ProcessState& before) const {
  std::vector<std::string> out;
  if (threads > before.threads)
    out.push_back(std::to_string(threads - before.threads) + " threads are left");
  for (const auto& [number, target] : descriptors) {
    const auto was = before.descriptors.find(number);
    if (was == before.descriptors.end() || was->second != target)
      out.push_back("descriptor " + std::to_string(number) + " is left open (" + target + ")");
  }
  for (const auto& [number, target] : before.descriptors)
    if (!descriptors.contains(number))
      out.push_back("descriptor " + std::to_string(number) + " of the host was closed");
  for (std::size_t i = 0; i < handlers.size(); ++i)
    if (handlers[i] != before.handlers[i]) {
      const auto* name = ::sigabbrev_np(static_cast<int>(i));
      out.push_back("the handler of SIG" + std::string(name != nullptr ? name : "?") +
                    " was changed");
    }
  if (directory != before.directory) out.push_back("the working directory was changed");
  for (const auto& file : files)
    if (!before.files.contains(file))
      out.push_back("the file " + file + " is left in the working directory");
  if (locale != before.locale) out.push_back("the locale was changed to " + locale);
  if (environment != before.environment) out.push_back("the environment was changed");
  if (mask != before.mask) out.push_back("the umask was changed");
  if (rounding != before.rounding) out.push_back("the rounding of numbers was changed");
  if (children && !before.children) out.push_back("a child process is left");
  return out;
}

std::size_t allocated_bytes() {
  const auto all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

}  // namespace recorte::check
