// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/child.hpp"

#include "core/base/io.hpp"
#include "core/base/sanitized.hpp"
#include "core/base/time.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace recorte::check {
namespace {

constexpr std::size_t kLongestAnswer = 1U << 16;
constexpr std::size_t kLongestStage = 256;

struct Page {
  std::atomic<bool> answered;
  std::size_t size;
  char answer[kLongestAnswer];
  char stage[kLongestStage];
};

/// The page, for parent and child.
class SharedPage {
 public:
  SharedPage()
      : at_(::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                   0)) {}
  SharedPage(const SharedPage&) = delete;
  SharedPage& operator=(const SharedPage&) = delete;
  ~SharedPage() {
    if (good()) ::munmap(at_, sizeof(Page));
  }
  bool good() const { return at_ != MAP_FAILED; }
  Page* operator->() const { return static_cast<Page*>(at_); }

 private:
  void* at_;
};

void limit(__rlimit_resource_t resource, std::uint64_t value) {
  const rlimit both{value, value};
  ::setrlimit(resource, &both);
}

[[noreturn]] void run(const SharedPage& page, const Limits& limits, Ending ending, int out, int err,
                      const std::function<std::string(const Stage&)>& body) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int none = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (none < 0 || ::dup2(none, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
      ::dup2(err, STDERR_FILENO) < 0)
    ::_exit(1);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  limit(RLIMIT_CORE, 0);
  if (!kSanitized) limit(RLIMIT_DATA, limits.memory);
  const auto answer = body([&](std::string_view text) {
    const auto size = std::min(text.size(), kLongestStage - 1);
    std::memcpy(page->stage, text.data(), size);
    page->stage[size] = '\0';
  });
  page->size = std::min(answer.size(), kLongestAnswer);
  std::memcpy(page->answer, answer.data(), page->size);
  std::strcpy(page->stage, "the process ended");
  std::fflush(nullptr);
  page->answered = true;
  if (ending == Ending::kOrderly) std::exit(0);
  ::_exit(0);
}

/// Waits until it has ended; false at the deadline. It is not reaped.
bool wait_exit(int handle, std::int64_t deadline) {
  for (;;) {
    pollfd waiting{handle, POLLIN, 0};
    const auto left = std::max<std::int64_t>(0, deadline - monotonic_ms());
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready >= 0) return ready > 0;
    if (errno != EINTR) return false;
  }
}

std::string trouble_of(bool in_time, int status, const Limits& limits, const SharedPage& page) {
  const std::string stage(page->stage, ::strnlen(page->stage, kLongestStage));
  const auto when = stage.empty() ? std::string() : " while " + stage;
  if (!in_time)
    return "it hung" + when + ": it was ended after " + std::to_string(limits.timeout_ms) + " ms";
  if (WIFSIGNALED(status)) {
    const auto* name = ::sigabbrev_np(WTERMSIG(status));
    return "it crashed (SIG" + std::string(name != nullptr ? name : "?") + ")" + when;
  }
  if (WEXITSTATUS(status) != 0 || !page->answered)
    return "it ended the process (exit status " + std::to_string(WEXITSTATUS(status)) + ")" + when;
  return "";
}

}  // namespace

Result<Ended> in_child(const Limits& limits, Ending ending,
                       const std::function<std::string(const Stage&)>& body) {
  const SharedPage page;
  auto out = make_memfd("printed");
  auto err = make_memfd("said");
  if (!out) return fail(std::move(out).error());
  if (!err) return fail(std::move(err).error());
  if (!page.good()) return fail(os_error("cannot map memory for a child"));
  std::fflush(nullptr);  // or the child would print it again
  const pid_t pid = ::fork();
  if (pid < 0) return fail(os_error("cannot make a child to try the plugin in"));
  if (pid == 0) run(page, limits, ending, out->get(), err->get(), body);
  ::setpgid(pid, pid);
  const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const bool in_time = wait_exit(handle.get(), monotonic_ms() + limits.timeout_ms);
  ::kill(-pid, SIGKILL);  // and whomever it left behind
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  Ended ended;
  if (page->answered)
    ended.answer = std::string(page->answer, std::min(page->size, kLongestAnswer));
  ended.trouble = trouble_of(in_time, status, limits, page);
  ended.printed = read_descriptor(out->get()).value_or("");
  ended.said = read_descriptor(err->get()).value_or("");
  return ended;
}

}  // namespace recorte::check
