/// The phases of a job and how one follows another (UWS 1.1, 2.1.3), as a pure function: what is
/// not in its table is refused by name, whoever asks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace recorte::job {

enum class Phase : std::uint8_t {
  kPending,
  kQueued,
  kExecuting,
  kCompleted,
  kError,
  kAborted,
  kHeld,
  kSuspended,
  kArchived,
};
/// As UWS writes them.
inline constexpr std::array<std::string_view, 9> kPhaseNames{"PENDING",   "QUEUED",    "EXECUTING",
                                                             "COMPLETED", "ERROR",     "ABORTED",
                                                             "HELD",      "SUSPENDED", "ARCHIVED"};
inline std::string_view name_of(Phase phase) {
  return kPhaseNames[static_cast<std::size_t>(phase)];
}
/// nullopt for what is no phase's name. Names are in capitals, as values of UWS are case-sensitive.
std::optional<Phase> phase_from_name(std::string_view name);

/// What happens to a job.
enum class Move : std::uint8_t {
  kRun,       ///< its owner starts it, or lets go on what was aborted or ended in an error
  kRetry,     ///< as kRun, and of one that is completed, whose failed products are tried again
  kHold,      ///< it may not run now; what it has made is kept
  kStart,     ///< its first task is under way
  kComplete,  ///< every product is made, or is known to fail
  kFail,      ///< it cannot go on
  kAbort,     ///< its owner stops it, or its time is over
  kArchive,   ///< its results are gone
};

/// The phase that follows. kUsage names the phase, what was tried, and what can be done.
Result<Phase> moved(Phase from, Move move);
/// COMPLETED, ERROR, ABORTED or ARCHIVED: nothing happens any more by itself.
bool has_ended(Phase phase);

}  // namespace recorte::job
