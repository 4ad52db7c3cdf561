// SPDX-License-Identifier: BSD-3-Clause
//
// A survey that hunts for a secret: its find() looks through all it can reach for the text of which
// [hunt] has the reverse, so that the text itself is nowhere in this process unless it came by
// another way. Tells as an error where it was, "found: nowhere; descriptors: …".
#include "telling.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kPiece = 1 << 20;

bool holds(std::string_view text, std::string_view reversed) {
  const auto n = reversed.size();
  for (std::size_t at = 0; at + n <= text.size(); ++at) {
    std::size_t i = 0;
    while (i < n && text[at + i] == reversed[n - 1 - i]) ++i;
    if (i == n) return true;
  }
  return false;
}

/// From `begin` to `end` of a descriptor, or to where it cannot be read any more.
bool holds(int file, off_t begin, off_t end, std::string_view reversed) {
  static std::vector<char> piece(kPiece);
  for (off_t at = begin; at < end;) {
    const auto want = std::min<off_t>(end - at, static_cast<off_t>(kPiece));
    const auto got = ::pread(file, piece.data(), static_cast<std::size_t>(want), at);
    if (got <= 0) return false;
    if (holds({piece.data(), static_cast<std::size_t>(got)}, reversed)) return true;
    if (got < static_cast<ssize_t>(reversed.size())) return false;
    // What lies across the border is seen with the next piece.
    at += at + got < end ? got - static_cast<ssize_t>(reversed.size()) + 1 : got;
  }
  return false;
}

bool file_holds(const std::string& path, std::string_view reversed) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  const bool found = holds(file, 0, 1L << 40, reversed);
  ::close(file);
  return found;
}

/// All that a process has mapped.
bool memory_holds(const std::string& process, std::string_view reversed) {
  const auto memory = "/proc/" + process + "/mem", maps = "/proc/" + process + "/maps";
  const int file = ::open(memory.c_str(), O_RDONLY | O_CLOEXEC);
  std::FILE* lines = std::fopen(maps.c_str(), "re");
  bool found = false;
  unsigned long begin = 0, end = 0;
  char mode[5];
  for (char line[4352]; file >= 0 && lines && !found && std::fgets(line, sizeof line, lines);)
    if (std::sscanf(line, "%lx-%lx %4s", &begin, &end, mode) == 3 && mode[0] == 'r')
      found = holds(file, static_cast<off_t>(begin), static_cast<off_t>(end), reversed);
  if (lines) std::fclose(lines);
  if (file >= 0) ::close(file);
  return found;
}

/// As a debugger does it. Nothing is at address 1; that it was looked for is enough.
bool reads_memory_of(const std::string& pid) {
  char byte = 0;
  const iovec ours{&byte, 1}, theirs{reinterpret_cast<void*>(1), 1};
  errno = 0;
  ::process_vm_readv(std::atoi(pid.c_str()), &ours, 1, &theirs, 1, 0);
  return errno == EFAULT;
}

/// What each descriptor is that came along.
std::string descriptors(std::string_view reversed, std::string& found) {
  std::string out;
  for (int number = 0; number < 1024; ++number) {
    struct stat about {};
    if (::fstat(number, &about) != 0) continue;
    char target[256]{};
    const auto link = "/proc/self/fd/" + std::to_string(number);
    if (::readlink(link.c_str(), target, sizeof target - 1) < 0) std::strcpy(target, "?");
    out += " " + std::to_string(number) + "=" + target;
    if (S_ISREG(about.st_mode) && holds(number, 0, about.st_size, reversed)) found += " " + link;
  }
  return out;
}

struct Hunt {
  std::string reversed;
  std::string files;  // separated by blanks
  std::string pid;    // the server's

  static std::vector<std::pair<const char*, std::string Hunt::*>> settings() {
    return {{"/hunt/reversed", &Hunt::reversed},
            {"/hunt/files", &Hunt::files},
            {"/hunt/pid", &Hunt::pid}};
  }
  std::string learnt() const {
    std::string found;
    const auto look = [&](const std::string& path) {
      if (file_holds(path, reversed)) found += " " + path;
    };
    for (const auto& process : {std::string("self"), pid}) {
      for (const char* what : {"environ", "cmdline"}) look("/proc/" + process + "/" + what);
      if (memory_holds(process, reversed)) found += " memory of " + process;
      for (int number = 0; number < 256; ++number)
        look("/proc/" + process + "/fd/" + std::to_string(number));
    }
    if (reads_memory_of(pid)) found += " process_vm_readv";
    std::istringstream each(files);
    for (std::string path; each >> path;) look(path);
    const auto came_along = descriptors(reversed, found);
    return "found:" + (found.empty() ? " nowhere" : found) + "; descriptors:" + came_along;
  }
};

}  // namespace

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) {
  return vice::Telling<Hunt>::plugin();
}
