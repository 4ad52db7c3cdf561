// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/probe.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/plugin/probe_protocol.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::plugin {
namespace {

constexpr int kChildDescriptor = 3;
constexpr std::size_t kLongestVerdict = 1U << 16;

/// A probed library sees no secret of ours that lives in the environment.
std::vector<char*> child_environment() {
  constexpr std::array<std::string_view, 8> kPassed{
      "PATH=",         "HOME=",          "LANG=",        "TZ=", "LD_LIBRARY_PATH=",
      "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS="};
  std::vector<char*> out;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (std::ranges::any_of(
            kPassed, [&](auto name) { return std::string_view(*variable).starts_with(name); }))
      out.push_back(*variable);
  out.push_back(nullptr);
  return out;
}

/// A child in a process group of its own, which ends with this object.
class Child {
 public:
  static Result<Child> start(const std::filesystem::path& program,
                             const std::filesystem::path& file, int descriptor);
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), handle_(std::move(other.handle_)) {}
  Child& operator=(Child&&) = delete;
  ~Child() { end(); }

  /// Waits until it has exited; false at the deadline (monotonic_ms).
  bool wait_exit(std::int64_t deadline) const;
  /// Kills what is left of the group and reaps the child.
  void end();
  int status() const { return status_; }
  std::uint64_t peak_bytes() const { return static_cast<std::uint64_t>(usage_.ru_maxrss) * 1024; }

 private:
  Child(pid_t pid, Fd handle) : pid_(pid), handle_(std::move(handle)) {}
  pid_t pid_;
  Fd handle_;
  int status_ = 0;
  struct rusage usage_ {};
};

Result<Child> Child::start(const std::filesystem::path& program, const std::filesystem::path& file,
                           int descriptor) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, descriptor, kChildDescriptor);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kChildDescriptor + 1);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 4> words{program.string(), "probe-child", file.string(),
                                   std::to_string(kChildDescriptor)};
  std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                                 nullptr};
  auto environment = child_environment();
  pid_t pid = -1;
  errno = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(),
                        environment.data());
  const auto error = os_error("cannot start " + program.string() + " to probe a plugin");
  const bool started = errno == 0;
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (!started) return fail(error);
  return Child(pid, Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
}

bool Child::wait_exit(std::int64_t deadline) const {
  for (;;) {
    pollfd waiting{handle_.get(), POLLIN, 0};
    const auto left = std::max<std::int64_t>(0, deadline - monotonic_ms());
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return false;
  }
}

void Child::end() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  while (::wait4(pid_, &status_, 0, &usage_) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

/// Everything that comes until the other end closes, or too much; false at the deadline.
bool read_to_end(int socket, std::int64_t deadline, std::string& out) {
  std::array<char, 4096> buffer;
  for (;;) {
    pollfd waiting{socket, POLLIN, 0};
    const auto left = std::max<std::int64_t>(0, deadline - monotonic_ms());
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const auto n = ::read(socket, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    out.append(buffer.data(), static_cast<std::size_t>(n));
    if (out.size() > kLongestVerdict) return true;
  }
}

/// Why a child that is gone left no good verdict.
std::string cause(const Child& child, const ProbeOptions& options) {
  const int status = child.status();
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    std::string out = "it crashed while it was loaded (SIG" +
                      std::string(::sigabbrev_np(number) ? ::sigabbrev_np(number) : "?") + ")";
    if (child.peak_bytes() > options.memory / 4 * 3)
      out += ", out of memory: it took " + std::to_string(child.peak_bytes() >> 20) +
             " MB of at most " + std::to_string(options.memory >> 20) + " MB";
    return out;
  }
  return "it ended the process while it was loaded (exit status " +
         std::to_string(WEXITSTATUS(status)) + ")";
}

}  // namespace

Result<Manifest> probe(const std::filesystem::path& file, const ProbeOptions& options) {
  auto manifest = read_manifest(file);
  if (!manifest) return manifest;
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::kPlugin, file.string() + ": " + why);
  };
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return fail(os_error("cannot make a socket pair"));
  const Fd ours(pair[0]);
  Fd theirs(pair[1]);
  // The order is in the socket before the child starts, and read before the library is loaded.
  const ProbeOrder order{random_hex(16), options.memory, options.timeout_ms / 1000 + 1};
  const auto text = write_order(order);
  RECORTE_TRY(write_all(ours.get(), std::as_bytes(std::span(text))));
  const auto deadline = monotonic_ms() + options.timeout_ms;
  auto child = Child::start(options.program, std::filesystem::absolute(file), theirs.get());
  if (!child) return fail(std::move(child).error());
  theirs.reset();

  std::string answer;
  const bool read = read_to_end(ours.get(), deadline, answer);
  const bool flooded = answer.size() > kLongestVerdict;
  const bool in_time = read && (flooded || child->wait_exit(deadline));
  child->end();
  if (!in_time)
    return refuse("it hung: it was not loaded within " + std::to_string(options.timeout_ms) +
                  " ms");
  const auto verdict = read_verdict(answer, order.nonce);
  if (!verdict) {
    if (!flooded && (answer.empty() || WIFSIGNALED(child->status())))
      return refuse(cause(*child, options));
    return refuse("its probe gave no valid verdict: it writes to descriptors that are not its own");
  }
  if (!verdict->empty()) return fail(ErrorCode::kPlugin, *verdict);
  if (child->status() != 0) return refuse(cause(*child, options));
  return manifest;
}

}  // namespace recorte::plugin
