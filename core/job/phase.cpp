// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/phase.hpp"

#include <algorithm>
#include <string>

namespace recorte::job {
namespace {

struct Transition {
  Move move;
  Phase from, to;
};

constexpr std::array kTransitions{
    Transition{Move::kRun, Phase::kPending, Phase::kQueued},
    Transition{Move::kRun, Phase::kHeld, Phase::kQueued},
    Transition{Move::kRun, Phase::kError, Phase::kQueued},
    Transition{Move::kRun, Phase::kAborted, Phase::kQueued},
    Transition{Move::kRetry, Phase::kError, Phase::kQueued},
    Transition{Move::kRetry, Phase::kAborted, Phase::kQueued},
    Transition{Move::kRetry, Phase::kCompleted, Phase::kQueued},
    Transition{Move::kHold, Phase::kPending, Phase::kHeld},
    Transition{Move::kHold, Phase::kQueued, Phase::kHeld},
    Transition{Move::kHold, Phase::kExecuting, Phase::kHeld},
    Transition{Move::kStart, Phase::kQueued, Phase::kExecuting},
    Transition{Move::kStart, Phase::kExecuting, Phase::kExecuting},
    Transition{Move::kComplete, Phase::kExecuting, Phase::kCompleted},
    Transition{Move::kFail, Phase::kPending, Phase::kError},
    Transition{Move::kFail, Phase::kQueued, Phase::kError},
    Transition{Move::kFail, Phase::kExecuting, Phase::kError},
    Transition{Move::kFail, Phase::kHeld, Phase::kError},
    Transition{Move::kAbort, Phase::kPending, Phase::kAborted},
    Transition{Move::kAbort, Phase::kQueued, Phase::kAborted},
    Transition{Move::kAbort, Phase::kExecuting, Phase::kAborted},
    Transition{Move::kAbort, Phase::kHeld, Phase::kAborted},
    Transition{Move::kAbort, Phase::kSuspended, Phase::kAborted},
    Transition{Move::kArchive, Phase::kPending, Phase::kArchived},
    Transition{Move::kArchive, Phase::kHeld, Phase::kArchived},
    Transition{Move::kArchive, Phase::kCompleted, Phase::kArchived},
    Transition{Move::kArchive, Phase::kError, Phase::kArchived},
    Transition{Move::kArchive, Phase::kAborted, Phase::kArchived},
};

constexpr std::array<std::string_view, 8> kMoveNames{"be run",     "be retried", "be held",
                                                     "be started", "be done",    "fail",
                                                     "be aborted", "be archived"};

std::string_view remedy(Phase from, Move move) {
  if (from == Phase::kArchived) return "; its results are gone: make a new job of its request";
  if (move == Move::kArchive) return "; abort it first";
  if (move == Move::kRun && from == Phase::kCompleted) return "; retry it, or make a new job";
  if (move == Move::kAbort && has_ended(from)) return ", as it has ended";
  return "";
}

}  // namespace

std::optional<Phase> phase_from_name(std::string_view name) {
  const auto at = std::ranges::find(kPhaseNames, name);
  if (at == kPhaseNames.end()) return {};
  return static_cast<Phase>(at - kPhaseNames.begin());
}

Result<Phase> moved(Phase from, Move move) {
  for (const auto& row : kTransitions)
    if (row.move == move && row.from == from) return row.to;
  return fail(ErrorCode::kUsage, "a job that is " + std::string(name_of(from)) + " cannot " +
                                     std::string(kMoveNames[static_cast<std::size_t>(move)]) +
                                     std::string(remedy(from, move)));
}

bool has_ended(Phase phase) {
  return phase == Phase::kCompleted || phase == Phase::kError || phase == Phase::kAborted ||
         phase == Phase::kArchived;
}

}  // namespace recorte::job
