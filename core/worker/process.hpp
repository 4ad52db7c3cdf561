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
  std::uint64_t generation = 0;  ///< of what it may read
  Warmth warmth = {};

  /// `readable`: null where it is not fenced.
  static Result<std::unique_ptr<Process>> start(const PoolOptions& options,
                                                const SharedReadable& readable,
                                                std::uint64_t generation);
  ~Process();
  /// Kills it if it has not ended, and says in words how it ended: "was killed by SIGSEGV".
  std::string end();
};

}  // namespace recorte::worker
