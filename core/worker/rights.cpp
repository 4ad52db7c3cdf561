// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/fence.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace recorte::worker {

Status give_up_rights() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return fail(os_error("a worker cannot give up new rights"));
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> rights{};
  if (::syscall(SYS_capget, &header, rights.data()) != 0)
    return fail(os_error("a worker cannot see what rights it has"));
  constexpr std::uint32_t kReading = 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH;
  const auto kept = rights[0].permitted & kReading;
  rights = {{{kept, kept, 0}, {0, 0, 0}}};
  if (::syscall(SYS_capset, &header, rights.data()) != 0)
    return fail(os_error("a worker cannot give up its rights"));
  return {};
}

}  // namespace recorte::worker
