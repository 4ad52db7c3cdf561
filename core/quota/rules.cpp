// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/rules.hpp"

#include "core/base/calendar.hpp"
#include "core/base/size.hpp"

#include <algorithm>
#include <array>

namespace recorte::quota {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

Micros tomorrow(Micros now) { return day_begin(day_of(now) + 1); }
Micros next_month(Micros now) { return day_begin(next_month_begin(day_of(now))); }

std::string number(std::int64_t value) { return std::to_string(value); }
/// "(quota jobs)", and when it renews.
std::string rule_text(const Standing& s) {
  auto out = " (quota " + std::string(s.name);
  if (s.renews > 0) out += ", which renews at " + fits_date(s.renews) + "Z";
  return out + ")";
}

/// Of what is counted in a while: more at once than the limit never fits.
std::string counted(const Standing& s, const std::string& what) {
  if (s.wanted > s.limit)
    return number(s.wanted) + " " + what + " are more than the " + number(s.limit) +
           " that a user may have" + rule_text(s) + "; ask for fewer";
  return number(s.used) + " of " + number(s.limit) + " " + what + " are used and " +
         number(s.wanted) + " more asked for" + rule_text(s);
}

class CutoutsPerDay : public Rule {
 public:
  std::string_view name() const override { return "cutouts_per_day"; }
  Limit limit(const Limits& limits) const override { return limits.cutouts_per_day; }
  std::int64_t used(const job::Usage& usage) const override { return usage.cutouts_today; }
  std::int64_t wanted(const Ask& ask) const override { return ask.cutouts; }
  Micros renews(Micros now) const override { return tomorrow(now); }
  std::string sentence(const Standing& s) const override { return counted(s, "cutouts a day"); }
};

class CutoutsPerMonth : public Rule {
 public:
  std::string_view name() const override { return "cutouts_per_month"; }
  Limit limit(const Limits& limits) const override { return limits.cutouts_per_month; }
  std::int64_t used(const job::Usage& usage) const override { return usage.cutouts_this_month; }
  std::int64_t wanted(const Ask& ask) const override { return ask.cutouts; }
  Micros renews(Micros now) const override { return next_month(now); }
  std::string sentence(const Standing& s) const override { return counted(s, "cutouts a month"); }
};

class PositionsPerJob : public Rule {
 public:
  std::string_view name() const override { return "positions_per_job"; }
  Limit limit(const Limits& limits) const override { return limits.positions_per_job; }
  std::int64_t used(const job::Usage&) const override { return 0; }
  std::int64_t wanted(const Ask& ask) const override { return ask.positions; }
  Micros renews(Micros) const override { return 0; }
  std::string sentence(const Standing& s) const override {
    return "the job has " + number(s.wanted) + " positions and may have " + number(s.limit) +
           rule_text(s) + "; make several of it";
  }
};

class Jobs : public Rule {
 public:
  std::string_view name() const override { return "jobs"; }
  Limit limit(const Limits& limits) const override { return limits.jobs; }
  std::int64_t used(const job::Usage& usage) const override { return usage.active; }
  std::int64_t wanted(const Ask& ask) const override { return ask.job ? 1 : 0; }
  Micros renews(Micros) const override { return 0; }
  std::string sentence(const Standing& s) const override {
    return number(s.used) + " jobs have not ended, and a user may have " + number(s.limit) +
           rule_text(s) + "; wait until one ends, or abort or remove one";
  }
};

/// Turns nobody away: who chooses the next job lets those wait that are one too many.
class RunningJobs : public Rule {
 public:
  std::string_view name() const override { return "running_jobs"; }
  Limit limit(const Limits& limits) const override { return limits.running_jobs; }
  std::int64_t used(const job::Usage& usage) const override { return usage.running; }
  std::int64_t wanted(const Ask&) const override { return 0; }
  Micros renews(Micros) const override { return 0; }
  std::string sentence(const Standing& s) const override {
    return number(s.used) + " jobs run, and " + number(s.limit) + " of a user may" + rule_text(s) +
           "; the next begins when one ends";
  }
};

/// How large results get is not known before: a job is accepted as long as there is any room.
class Bytes : public Rule {
 public:
  std::string_view name() const override { return "bytes"; }
  Limit limit(const Limits& limits) const override { return limits.bytes; }
  std::int64_t used(const job::Usage& usage) const override { return usage.bytes; }
  std::int64_t wanted(const Ask& ask) const override {
    return ask.job || ask.positions > 0 ? 1 : 0;
  }
  Micros renews(Micros) const override { return 0; }
  std::string sentence(const Standing& s) const override {
    return "results of " + size_text(s.used) + " are kept, and a user may have " +
           size_text(s.limit) + rule_text(s) + "; remove jobs whose results are not needed";
  }
};

/// Nor is how long work takes: any is accepted as long as there is time left.
class WorkerSecondsPerDay : public Rule {
 public:
  std::string_view name() const override { return "worker_seconds_per_day"; }
  Limit limit(const Limits& limits) const override { return limits.worker_seconds_per_day; }
  std::int64_t used(const job::Usage& usage) const override {
    return usage.work_us_today / kSecond;
  }
  std::int64_t wanted(const Ask& ask) const override { return ask.cutouts > 0 ? 1 : 0; }
  Micros renews(Micros now) const override { return tomorrow(now); }
  std::string sentence(const Standing& s) const override {
    return number(s.used) + " seconds of workers are used today, and a user may have " +
           number(s.limit) + rule_text(s);
  }
};

}  // namespace

std::span<const std::unique_ptr<Rule>> rules() {
  static const std::array<std::unique_ptr<Rule>, 7> all{
      std::make_unique<CutoutsPerDay>(),      std::make_unique<CutoutsPerMonth>(),
      std::make_unique<PositionsPerJob>(),    std::make_unique<Jobs>(),
      std::make_unique<RunningJobs>(),        std::make_unique<Bytes>(),
      std::make_unique<WorkerSecondsPerDay>()};
  return all;
}

}  // namespace recorte::quota
