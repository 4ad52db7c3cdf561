// SPDX-License-Identifier: BSD-3-Clause
//
// A survey that looks around: its find() tries what the section [pry] of its file names, and tells
// as an error what came of it, "open: EACCES, connect: EPERM".
#include "telling.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {

const char* outcome(bool done) { return done ? "done" : strerrorname_np(errno); }

bool opens(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0) return false;
  ::close(file);
  return true;
}

bool connects(const std::string& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool done = ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  const int why = errno;
  ::close(socket);
  errno = why;
  return done;
}

/// Signal 0 does nothing but say whether another might be sent.
bool signals(const std::string& pid) { return ::kill(std::atoi(pid.c_str()), 0) == 0; }
bool looks_into(const std::string& pid) {
  const auto memory = "/proc/" + pid + "/mem";
  return opens(memory, O_RDONLY);
}
bool traces(const std::string& pid) {
  return ::ptrace(PTRACE_SEIZE, std::atoi(pid.c_str()), nullptr, nullptr) == 0;
}

struct Pry {
  std::string open, write, connect, signal;

  static std::vector<std::pair<const char*, std::string Pry::*>> settings() {
    return {{"/pry/open", &Pry::open},
            {"/pry/write", &Pry::write},
            {"/pry/connect", &Pry::connect},
            {"/pry/signal", &Pry::signal}};
  }
  std::string learnt() const {
    std::string told;
    const auto tell = [&told](const char* what, const std::string& at, auto&& tries) {
      if (at.empty()) return;
      told += std::string(told.empty() ? "" : ", ") + what + ": " + outcome(tries(at));
    };
    tell("open", open, [](const auto& path) { return opens(path, O_RDONLY); });
    tell("write", write, [](const auto& path) { return opens(path, O_WRONLY | O_CREAT); });
    tell("connect", connect, connects);
    tell("signal", signal, signals);
    tell("look", signal, looks_into);
    tell("trace", signal, traces);
    return told;
  }
};

}  // namespace

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) {
  return vice::Telling<Pry>::plugin();
}
