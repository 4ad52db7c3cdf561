/// What a worker may take from the machine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>

namespace recorte::worker {

/// Caps private memory (RLIMIT_DATA: RLIMIT_AS would forbid mapping), forbids core dumps and new
/// privileges.
Status apply_limits(std::uint64_t memory_bytes);
/// From now on this process runs where nobody else wants the processor (SCHED_IDLE): whoever waits
/// for a cutout never waits for a batch.
Status give_way();
/// Lets a signal to the whole group or terminal (Ctrl-C, a service that stops) reach the supervisor
/// alone, who may still wait for the task at work.
void leave_signals_to_supervisor();
/// Keeps what the pixels of one cutout took for the next one, up to a bound: given back to the
/// system and asked for again, every page of it would be a fault (a third of a small cutout's
/// time).
void keep_freed_memory();
/// Ends this process soon after the other end of `socket` closes, whatever a plugin is doing.
/// (PR_SET_PDEATHSIG would not do: it means the death of the thread that forked.)
void end_with_supervisor(int socket);

}  // namespace recorte::worker
