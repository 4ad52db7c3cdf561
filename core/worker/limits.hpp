/// What a worker may take from the machine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>

namespace recorte::worker {

/// Caps private memory (RLIMIT_DATA: RLIMIT_AS would forbid mapping), forbids core dumps and new
/// privileges, and asks to die with the supervisor.
Status apply_limits(std::uint64_t memory_bytes);

}  // namespace recorte::worker
