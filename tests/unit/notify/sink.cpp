// SPDX-License-Identifier: BSD-3-Clause
#include "sink.hpp"

#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace recorte::notify {
namespace {

constexpr int kLongMs = 60'000;

}  // namespace

Sink::Sink(std::vector<std::string> arguments) {
  const std::string script = recorte::test::source_tree() / "tests/integration/sinks.py";
  arguments.insert(arguments.begin(), {"/usr/bin/python3", script});
  std::vector<char*> raw;
  for (auto& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  output_ = Fd(ends[0]);
  Fd other(ends[1]);
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(other.get(), STDOUT_FILENO);
    ::execv(raw.front(), raw.data());
    ::_exit(127);
  }
  // What reads to the end must see one when the process goes.
  other.reset();
  if (const auto hello = next(); hello.is_object()) port_ = hello.at("port").get<std::uint16_t>();
}

Sink::~Sink() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

nlohmann::json Sink::next() {
  for (;;) {
    if (const auto end = read_.find('\n'); end != read_.npos) {
      const auto line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return nlohmann::json::parse(line);
    }
    pollfd readable{output_.get(), POLLIN, 0};
    std::array<char, 4096> buffer{};
    if (::poll(&readable, 1, kLongMs) <= 0) return {};
    const auto n = ::read(output_.get(), buffer.data(), buffer.size());
    if (n <= 0) return {};
    read_.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace recorte::notify
