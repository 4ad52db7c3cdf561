// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/rules.hpp"

#include "core/base/calendar.hpp"

#include <gmock/gmock.h>

#include <map>

namespace recorte::quota {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr Micros kHour = 3'600'000'000;
/// 2026-11-28, 12:00.
constexpr Micros kNoon = 20'785 * 24 * kHour + 12 * kHour;
constexpr Micros kMidnight = kNoon + 12 * kHour;
constexpr Micros kDecember = kMidnight + 48 * kHour;

const Rule& rule(std::string_view name) {
  for (const auto& each : rules())
    if (each->name() == name) return *each;
  throw std::runtime_error("no rule " + std::string(name));
}

struct Case {
  const char* name;
  Limit Limits::*limit;
  std::int64_t used;    ///< of kUsage
  std::int64_t wanted;  ///< by a new job of 6 cutouts at 2 positions
  std::int64_t again;   ///< by the same, once it is there
  std::int64_t sync;    ///< by one cutout
  Micros renews;
};

const job::Usage kUsage{90, 91, 92, 93, 94, 95, 96'999'999, kNoon};
const Case kCases[] = {
    {"cutouts_per_day", &Limits::cutouts_per_day, 94, 6, 6, 1, kMidnight},
    {"cutouts_per_month", &Limits::cutouts_per_month, 95, 6, 6, 1, kDecember},
    {"positions_per_job", &Limits::positions_per_job, 0, 2, 2, 0, 0},
    {"jobs", &Limits::jobs, 92, 1, 0, 0, 0},
    {"running_jobs", &Limits::running_jobs, 93, 0, 0, 0, 0},
    {"bytes", &Limits::bytes, 91, 1, 1, 0, 0},
    {"worker_seconds_per_day", &Limits::worker_seconds_per_day, 96, 1, 1, 1, kMidnight},
};

TEST(Rules, EachHasItsLimitItsUseAndItsEnd) {
  EXPECT_EQ(rules().size(), std::size(kCases));
  for (const auto& c : kCases) {
    const auto& r = rule(c.name);
    EXPECT_EQ(r.limit({}), std::nullopt) << c.name;
    Limits limits;
    limits.*c.limit = 7;
    EXPECT_EQ(r.limit(limits), 7) << c.name;
    for (const auto& other : kCases) {
      if (&other == &c) continue;
      EXPECT_EQ(rule(other.name).limit(limits), std::nullopt) << other.name;
    }
    EXPECT_EQ(r.used(kUsage), c.used) << c.name;
    EXPECT_EQ(r.wanted({.cutouts = 6, .positions = 2, .job = true}), c.wanted) << c.name;
    EXPECT_EQ(r.wanted({.cutouts = 6, .positions = 2}), c.again) << c.name;
    EXPECT_EQ(r.wanted({.cutouts = 1}), c.sync) << c.name;
    EXPECT_EQ(r.wanted({}), 0) << c.name;
    EXPECT_EQ(r.renews(kNoon), c.renews) << c.name;
  }
}

TEST(Rules, RenewAtMidnightAndAtTheFirstInUtc) {
  EXPECT_EQ(rule("cutouts_per_day").renews(kMidnight - 1), kMidnight);
  EXPECT_EQ(rule("cutouts_per_day").renews(kMidnight), kMidnight + 24 * kHour);
  EXPECT_EQ(rule("cutouts_per_month").renews(kDecember - 1), kDecember);
  EXPECT_EQ(rule("cutouts_per_month").renews(kDecember), kDecember + 31 * 24 * kHour);
}

TEST(Rules, EachSaysWhatIsUsedTheLimitAndWhatToDo) {
  const std::map<std::string, std::string> sentences{
      {"cutouts_per_day",
       "94 of 99 cutouts a day are used and 6 more asked for (quota cutouts_per_day, which renews "
       "at 2026-11-29T00:00:00Z)"},
      {"cutouts_per_month",
       "95 of 99 cutouts a month are used and 6 more asked for (quota cutouts_per_month, which "
       "renews at 2026-12-01T00:00:00Z)"},
      {"positions_per_job",
       "the job has 6 positions and may have 99 (quota positions_per_job); make several of it"},
      {"jobs",
       "92 jobs have not ended, and a user may have 99 (quota jobs); wait until one ends, or abort "
       "or remove one"},
      {"running_jobs",
       "93 jobs run, and 99 of a user may (quota running_jobs); the next begins when one ends"},
      {"bytes",
       "results of 91 are kept, and a user may have 99 (quota bytes); remove jobs whose results "
       "are not needed"},
      {"worker_seconds_per_day",
       "96 seconds of workers are used today, and a user may have 99 (quota "
       "worker_seconds_per_day, which renews at 2026-11-29T00:00:00Z)"}};
  for (const auto& [name, sentence] : sentences) {
    const auto& r = rule(name);
    EXPECT_EQ(r.sentence({r.name(), r.used(kUsage), 99, 6, r.renews(kNoon)}), sentence);
  }
  const auto& day = rule("cutouts_per_day");
  EXPECT_EQ(day.sentence({day.name(), 0, 99, 100, kMidnight}),
            "100 cutouts a day are more than the 99 that a user may have (quota cutouts_per_day, "
            "which renews at 2026-11-29T00:00:00Z); ask for fewer");
  const auto& bytes = rule("bytes");
  EXPECT_THAT(bytes.sentence({bytes.name(), 3LL << 30, 2LL << 30, 1, 0}),
              AllOf(HasSubstr("3GiB"), HasSubstr("2GiB")));
}

}  // namespace
}  // namespace recorte::quota
