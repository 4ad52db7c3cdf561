// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/limits.hpp"

#include "core/base/io.hpp"
#include "core/base/sanitized.hpp"

#include <malloc.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace recorte::worker {
namespace {

/// What a worker without a task gets to end in order.
constexpr std::chrono::seconds kParting{1};
/// Bytes that a worker keeps of what it has freed.
constexpr int kKeptMemory = 32 << 20;

}  // namespace

Status apply_limits(std::uint64_t memory_bytes) {
  const rlimit none{0, 0};
  const rlim_t most = kSanitized ? RLIM_INFINITY : memory_bytes;
  const rlimit data{most, most};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::setrlimit(RLIMIT_DATA, &data) != 0 ||
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail(os_error("a worker cannot set its limits"));
  return {};
}

Status give_way() {
  const sched_param none{};
  if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0)
    return fail(os_error("a worker for batches cannot give way to others"));
  return {};
}

void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, kKeptMemory);
  ::mallopt(M_TRIM_THRESHOLD, kKeptMemory);
}

void leave_signals_to_supervisor() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_IGN);
}

void end_with_supervisor(int socket) {
  std::thread([socket] {
    pollfd closed{socket, 0, 0};
    while (::poll(&closed, 1, -1) < 0 && errno == EINTR) {
    }
    std::this_thread::sleep_for(kParting);
    ::_exit(1);
  }).detach();
}

}  // namespace recorte::worker
