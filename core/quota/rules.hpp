/// The rules of quotas, one small class each: what is used, the limit, when it renews, and what to
/// tell one who is past it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/job/store.hpp"
#include "core/quota/limits.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace recorte::quota {

/// What is asked for now.
struct Ask {
  std::int64_t cutouts = 0;
  std::int64_t positions = 0;  ///< of a job; 0 for one cutout in real time
  bool job = false;            ///< a further one that has not ended
};

/// Where a user stands by one rule.
struct Standing {
  std::string_view name;  ///< "cutouts_per_day"
  std::int64_t used = 0, limit = 0;
  std::int64_t wanted = 0;  ///< besides
  Micros renews = 0;        ///< 0: not by itself
};

class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view name() const = 0;
  /// None where no limit is set.
  virtual Limit limit(const Limits& limits) const = 0;
  virtual std::int64_t used(const job::Usage& usage) const = 0;
  /// What it would grow by, at least; 0: the rule has nothing to say of this.
  virtual std::int64_t wanted(const Ask& ask) const = 0;
  /// When what is used begins anew; 0: not by itself.
  virtual Micros renews(Micros now) const = 0;
  /// Of one who is past it: what is used, the limit, and what to do.
  virtual std::string sentence(const Standing& standing) const = 0;
};
std::span<const std::unique_ptr<Rule>> rules();

}  // namespace recorte::quota
