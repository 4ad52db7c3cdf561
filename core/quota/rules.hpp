/// The rules of quotas, one small class each: what is used, the limit, when it renews, and whether
/// waiting helps.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/job/store.hpp"
#include "core/quota/limits.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::quota {

/// What is asked for now.
struct Ask {
  std::int64_t cutouts = 0;
  std::int64_t positions = 0;
  bool job = false;  ///< a further one that has not ended
};

/// Where a user stands by one rule.
struct Standing {
  std::string_view name;  ///< "cutouts_per_day"
  std::int64_t used = 0, limit = 0;
  Micros renews = 0;  ///< 0: not by itself
};

class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view name() const = 0;
  /// None where no limit is set.
  virtual std::optional<std::int64_t> limit(const Limits& limits) const = 0;
  virtual std::int64_t used(const job::Usage& usage) const = 0;
  /// What it would grow by.
  virtual std::int64_t wanted(const Ask& ask) const = 0;
  /// When what is used begins anew; 0: not by itself.
  virtual Micros renews(Micros now) const = 0;
  /// Of one who is past it, in words, and what to do.
  virtual std::string remedy() const = 0;
};
std::span<const std::unique_ptr<Rule>> rules();

enum class Answer : std::uint8_t { kYes, kWait, kNo };
struct Verdict {
  Answer answer = Answer::kYes;
  std::vector<Standing> broken;  ///< the rules that say no, or not now
  Micros until = 0;              ///< kWait: when the last of them renews
};
/// kWait where time alone makes room for it: it fits into the limit, and that renews.
Verdict judge(const Limits& limits, const job::Usage& usage, const Ask& ask, Micros now);
/// Of one who is turned away: what is used, the limit, when it renews. kForbidden; kRateLimited
/// where waiting helps.
Error refusal(const Verdict& verdict);
/// By every rule that has a limit.
std::vector<Standing> standings(const Limits& limits, const job::Usage& usage, Micros now);

}  // namespace recorte::quota
