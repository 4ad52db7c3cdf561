/// Which of the jobs that wait for their turn this server begins next: of those lines (an owner's
/// jobs in one class) that have the fewest here, one by the policy; of that line, one that has
/// begun already, then by place and age. A server whose workers have enough to do takes one only
/// for a line that has none here, or none of its place, so that turns are shared with it, and
/// leaves it to idle servers for a moment first. Pure.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/store.hpp"
#include "core/schedule/policy.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::batch {

/// How many jobs of its owner may run at once.
using MayRun = std::function<std::int64_t(const job::Queued&)>;

/// A job that this server works on.
struct Here {
  std::string owner;
  schedule::Class in = schedule::Class::kNormal;
  std::int64_t place = 0;
};

class Claiming {
 public:
  /// `queue`: as the store has it (job::Store::queue). `here`: by the jobs' ids.
  Claiming(std::vector<job::Queued> queue, const std::map<std::string, Here>& here,
           const schedule::PolicyOptions& policy, const MayRun& may_run);

  /// The next one, which then counts as one that is here; null where there is none. `busy`: the
  /// workers have enough to do.
  const job::Queued* next(schedule::FairShare& share, Micros now, bool busy);
  /// When a server that is busy should ask next; nothing where nobody waits for that.
  std::optional<Micros> due() const;
  /// What an idle server has to take a job before a busy one does.
  static constexpr Micros kCourtesy = 250'000;

 private:
  struct Line {
    std::vector<const job::Queued*> free;  ///< the first goes first
    std::int64_t here = 0;
    std::optional<std::int64_t> place;  ///< the highest that is here
  };
  const job::Queued* first_of(const Line& line) const;
  /// Whether a turn of the line would be another's than it should be.
  static bool lacks(const Line& line, const job::Queued& first) {
    return !line.place || *line.place < first.place;
  }
  static void take(Line& line, std::int64_t place);

  const std::vector<job::Queued> queue_;
  const MayRun& may_run_;
  std::map<std::pair<schedule::Class, std::string>, Line> lines_;
  std::map<std::string, std::int64_t> running_;  ///< of each owner, wherever
};

}  // namespace recorte::batch
