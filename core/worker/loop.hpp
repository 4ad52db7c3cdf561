/// The worker's side: messages in, answers out, one task at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"
#include "core/worker/options.hpp"

namespace recorte::worker {

/// The descriptors a worker is started with.
inline constexpr int kSocketDescriptor = 3;
inline constexpr int kControlDescriptor = 4;
inline constexpr int kFenceDescriptor = 5;  ///< of one that is fenced (fence.hpp)
inline constexpr int kFetchDescriptor = 6;  ///< of one that is fetched for (PoolOptions::fetches)

/// Serves until the supervisor closes the socket. Operations: describe, locate, cover, run. Returns
/// the exit status.
int run_loop(const WorkerOptions& options);

}  // namespace recorte::worker
