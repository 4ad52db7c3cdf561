/// One recorte-worker process, seen from its supervisor.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"
#include "core/worker/control_page.hpp"
#include "core/worker/pool.hpp"
#include "core/worker/warmth.hpp"

#include <sys/types.h>

#include <memory>
#include <string>

namespace recorte::worker {

struct Pool::Process {
  pid_t pid;
  Fd socket;
  ControlPage control;
  std::uint64_t generation = 0;           ///< of its terms
  plugin::SharedInUse plugins = nullptr;  ///< which last as long as it
  Warmth warmth = {};

  static Result<std::unique_ptr<Process>> start(const PoolOptions& options, const Terms& terms,
                                                std::uint64_t generation);
  ~Process();
  /// Kills it if it has not ended, and says in words how it ended: "was killed by SIGSEGV".
  std::string end();
};

}  // namespace recorte::worker
