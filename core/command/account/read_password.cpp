// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/account/read_password.hpp"

#include "core/base/secret.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <optional>

namespace recorte::command {
namespace {

constexpr std::size_t kLongest = 4'096;

/// As long as it is there, nothing that is typed is seen.
class NoEcho {
 public:
  NoEcho() {
    termios now{};
    if (::tcgetattr(STDIN_FILENO, &now) != 0) return;
    before_ = now;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
  }
  ~NoEcho() {
    if (before_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  std::optional<termios> before_;
};

Result<std::string> read_line() {
  std::string out;
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
    if (out.size() < kLongest) out += c;
  if (out.ends_with('\r')) out.pop_back();
  if (out.empty()) return fail(ErrorCode::kUsage, "no password was given");
  return out;
}

Result<std::string> ask(const char* what) {
  std::fputs(what, stderr);
  auto out = read_line();
  std::fputc('\n', stderr);
  return out;
}

}  // namespace

Result<std::string> read_password() {
  if (::isatty(STDIN_FILENO) == 0) return read_line();
  const NoEcho hidden;  // before anything is asked: who types is sometimes fast
  auto first = ask("password: ");
  if (!first) return first;
  auto second = ask("again: ");
  if (!second) return second;
  const bool same = *first == *second;
  wipe(*second);
  if (same) return first;
  wipe(*first);
  return fail(ErrorCode::kUsage, "the two differ; nothing is changed");
}

}  // namespace recorte::command
