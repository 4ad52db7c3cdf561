// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/process.hpp"

#include "core/base/time.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/loop.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

namespace recorte::worker {
namespace {

/// What an idle worker gets to end in.
constexpr int kPartingMs = 1000;

std::vector<std::string> arguments(const PoolOptions& options, const Terms& terms,
                                   bool fetched_for) {
  const auto& w = options.worker;
  std::vector<std::string> out{options.program.string(),
                               "work",
                               "--surveys",
                               w.surveys.string(),
                               "--memory",
                               std::to_string(w.memory),
                               "--open-files",
                               std::to_string(w.cache.open_files),
                               "--unpacked",
                               std::to_string(w.cache.unpacked),
                               "--decoded-tiles",
                               std::to_string(w.cache.decoded_tiles),
                               "--seek-points",
                               std::to_string(w.cache.seek_points)};
  if (terms.readable) out.emplace_back("--fenced");
  if (fetched_for) out.emplace_back("--fetched-for");
  if (w.idle) out.emplace_back("--idle");
  for (const auto& directory : terms.plugins ? terms.plugins->directories : w.plugins)
    out.insert(out.end(), {"--plugins", directory.string()});
  for (const auto& [id, version, why] : terms.plugins ? terms.plugins->withdrawn : w.withdrawn)
    out.insert(out.end(), {"--withdrawn", id, version, why});
  return out;
}

/// What a fenced worker is told of its environment: where secrets of the server may stand.
constexpr std::array<std::string_view, 11> kKept{"HOME",
                                                 "LANG",
                                                 "LANGUAGE",
                                                 "LD_LIBRARY_PATH",
                                                 "LOGNAME",
                                                 "PATH",
                                                 "RECORTE_PLUGIN_PATH",
                                                 "RECORTE_SIMD",
                                                 "TMPDIR",
                                                 "TZ",
                                                 "USER"};
constexpr std::array<std::string_view, 3> kKeptBeginnings{"LC_", "OMP_", "OPENBLAS_"};
/// ASAN_OPTIONS and the like.
constexpr std::string_view kKeptEnding = "SAN_OPTIONS";

std::vector<char*> environment(bool fenced) {
  std::vector<char*> out;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view text(*each);
    const auto name = text.substr(0, text.find('='));
    const auto begins = [&](std::string_view with) { return name.starts_with(with); };
    if (!fenced || std::ranges::find(kKept, name) != kKept.end() ||
        std::ranges::any_of(kKeptBeginnings, begins) || name.ends_with(kKeptEnding))
      out.push_back(*each);
  }
  out.push_back(nullptr);
  return out;
}

struct Placing {
  int descriptor, place;  ///< -1: there is none
};

/// In the child: standard input is empty, and standard output, which may be a product of ours, goes
/// to where complaints go. Only async-signal-safe calls.
bool place_standard_descriptors() {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
         ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

/// In the child: its descriptors to their places, surviving exec. What else is open here (a
/// server's listener, its clients, whoever forgot to mark them) is not the worker's. Only
/// async-signal-safe calls.
bool place(std::array<Placing, 4> all) {
  // Out of each other's way first.
  for (auto& one : all)
    if (one.descriptor >= 0 && (one.descriptor = ::fcntl(one.descriptor, F_DUPFD, 10)) < 0)
      return false;
  for (const auto& one : all) {
    ::close(one.place);
    if (one.descriptor >= 0 && ::dup2(one.descriptor, one.place) < 0) return false;
  }
  return ::close_range(kFetchDescriptor + 1, ~0U, 0) == 0;
}

/// In the child: signals as a program expects them, whatever the thread that forked had blocked.
void unblock_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

Result<std::unique_ptr<Pool::Process>> Pool::Process::start(const PoolOptions& options,
                                                            const Terms& terms,
                                                            std::uint64_t generation) {
  if (::access(options.program.c_str(), X_OK) != 0)
    return fail(os_error("cannot start the worker " + options.program.string()));
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return fail(os_error("cannot start a worker"));
  Fd ours(pair[0]);
  const Fd theirs(pair[1]);
  auto control = ControlPage::make();
  if (!control) return fail(std::move(control).error());
  auto fence = terms.readable ? pack_readable(*terms.readable) : Result<Fd>(Fd());
  if (!fence) return fail(std::move(fence).error());
  auto fetches = terms.readable ? options.fetches(*terms.readable) : Result<Fd>(Fd());
  if (!fetches) return fail(std::move(fetches).error());
  const auto text = arguments(options, terms, static_cast<bool>(*fetches));
  std::vector<char*> argv;
  for (const auto& argument : text) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto envp = environment(terms.readable != nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(os_error("cannot start a worker"));
  if (pid == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    unblock_signals();
    if (place_standard_descriptors() && place({{{theirs.get(), kSocketDescriptor},
                                                {control->descriptor(), kControlDescriptor},
                                                {fence->get(), kFenceDescriptor},
                                                {fetches->get(), kFetchDescriptor}}}))
      ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  return std::unique_ptr<Process>(
      new Process{pid, std::move(ours), std::move(*control), generation, terms.plugins});
}

Pool::Process::~Process() {
  if (pid <= 0) return;
  socket.reset();  // an idle worker ends by itself, unless a plugin left it something to wait for
  const Fd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (ended) wait_readable(ended.get(), monotonic_ms() + kPartingMs);
  end();
}

std::string Pool::Process::end() {
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  pid = -1;
  if (WIFEXITED(status))
    return WEXITSTATUS(status) == 127 ? "could not be started"
                                      : "exited with status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  const char* name = ::sigabbrev_np(number);
  return std::string("was killed by SIG") + (name ? name : std::to_string(number));
}

}  // namespace recorte::worker
