// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/limits.hpp"

#include "core/base/io.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace recorte::worker {

Status apply_limits(std::uint64_t memory_bytes) {
  const rlimit none{0, 0};
  const rlimit data{memory_bytes, memory_bytes};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::setrlimit(RLIMIT_DATA, &data) != 0 ||
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return fail(os_error("a worker cannot set its limits"));
  return {};
}

}  // namespace recorte::worker
