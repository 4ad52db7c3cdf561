// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/charge.hpp"

#include <gtest/gtest.h>

namespace recorte::job {
namespace {

Job job_of(std::int64_t products, std::int64_t outside, Tally tally = {}) {
  Job job;
  job.products = products;
  job.outside = outside;
  job.tally = tally;
  return job;
}

TEST(Charge, IsOfWhatIsMadeWhereThereAreImages) {
  EXPECT_EQ(charge_of_run(job_of(100, 30)), 70);
  EXPECT_EQ(charge_of_run(job_of(100, -1)), 100) << "nobody knows what lies outside";
  EXPECT_EQ(charge_of_run(job_of(0, -1)), 0) << "not planned";
  EXPECT_EQ(charge_of_run(job_of(100, 100)), 0);
}

TEST(Charge, CountsWhatWasMadeWithoutWhatLiesOutside) {
  const Tally tally{.ok = 5, .partial = 2, .no_coverage = 31, .failed = 4};
  EXPECT_EQ(chargeable_made(job_of(100, 30, tally)), 8);
  EXPECT_EQ(chargeable_made(job_of(100, -1, tally)), 38);
  EXPECT_EQ(chargeable_made(job_of(100, 40, tally)), 7) << "not all of them were tried";
}

TEST(Charge, OfAJobThatEndedIsWhatItMade) {
  auto job = job_of(100, 30, {.ok = 40, .no_coverage = 30, .failed = 2});
  job.charged = charge_of_run(job_of(100, 30));
  for (const auto phase : {Phase::kQueued, Phase::kExecuting, Phase::kHeld}) {
    job.phase = phase;
    settle_charge(job);
    EXPECT_EQ(job.charged, 70);
  }
  job.phase = Phase::kAborted;
  settle_charge(job);
  EXPECT_EQ(job.charged, 40);
  EXPECT_EQ(charge_of_run(job), 30) << "run again, for what is missing";
  job.charged += charge_of_run(job);
  job.phase = Phase::kCompleted;
  job.tally = {.ok = 70, .no_coverage = 30};
  settle_charge(job);
  EXPECT_EQ(job.charged, 70);
  EXPECT_EQ(charge_of_run(job), 0);
}

TEST(Charge, OfAJobThatWasNotChargedStaysSo) {
  auto job = job_of(10, 0, {.ok = 8, .failed = 2});
  job.phase = Phase::kCompleted;
  settle_charge(job);
  EXPECT_EQ(job.charged, 0);
  EXPECT_EQ(charge_of_run(job), 2) << "what it made without a charge is not charged now";
}

}  // namespace
}  // namespace recorte::job
