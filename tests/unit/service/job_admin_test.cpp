// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_admin.hpp"

#include "server/service/job_door.hpp"
#include "tests/unit/batch/memory_store.hpp"

#include <gmock/gmock.h>

namespace recorte::service {
namespace {

using testing::HasSubstr;

class JobAdminTest : public testing::Test {
 protected:
  job::Job& add(job::Phase phase) {
    auto& job = store.jobs[id];
    job.id = id;
    job.phase = phase;
    return job;
  }
  const std::string id = std::string(32, 'a');
  batch::test::MemoryStore store;
  JobAdmin acts{store};
};

TEST_F(JobAdminTest, WhatAnAdminHoldsOnlyAnAdminReleases) {
  add(job::Phase::kQueued);
  const auto held = acts.hold(id);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->phase, job::Phase::kHeld);
  EXPECT_EQ(held->hold, job::Hold::kAdmin);
  EXPECT_TRUE(acts.hold(id)) << "once more changes nothing";

  auto job = *held;
  const auto owners = starting(job::Move::kRun)(job);
  ASSERT_FALSE(owners);
  EXPECT_EQ(owners.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(owners.error().message, HasSubstr("operator"));

  const auto released = acts.release(id);
  ASSERT_TRUE(released) << released.error().message;
  EXPECT_EQ(released->phase, job::Phase::kQueued);
  EXPECT_EQ(released->hold, job::Hold::kNone);
  EXPECT_GT(released->queued, 0);
  EXPECT_FALSE(acts.release(id));
}

TEST_F(JobAdminTest, WhatItsOwnerOrAQuotaHoldsIsTheAdminsToo) {
  for (const auto by : {job::Hold::kUser, job::Hold::kQuota}) {
    auto& job = add(job::Phase::kHeld);
    job.hold = by;
    job.hold_until = 5;
    EXPECT_EQ(acts.hold(id).value().hold, job::Hold::kAdmin);
    EXPECT_EQ(acts.release(id).value().phase, job::Phase::kQueued);
    EXPECT_EQ(store.jobs.at(id).hold_until, 0);
  }
}

TEST_F(JobAdminTest, WhatHasEndedOrNotBegunIsNotHeld) {
  for (const auto phase : {job::Phase::kPending, job::Phase::kCompleted, job::Phase::kArchived}) {
    add(phase);
    const auto held = acts.hold(id);
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, ErrorCode::kUsage);
    EXPECT_EQ(store.jobs.at(id).phase, phase);
  }
  EXPECT_EQ(acts.hold("short").error().code, ErrorCode::kNotFound);
}

TEST_F(JobAdminTest, MovesToAClassAndAPlace) {
  add(job::Phase::kQueued);
  EXPECT_EQ(acts.move(id, {"background", {}}).value().priority, "background");
  const auto placed = acts.move(id, {{}, -3}).value();
  EXPECT_EQ(placed.priority, "background");
  EXPECT_EQ(placed.place, -3);
  EXPECT_EQ(acts.move(id, {"", {}}).value().priority, "");
  EXPECT_THAT(acts.move(id, {"first", {}}).error().message, HasSubstr("'first'"));
  EXPECT_THAT(acts.move(id, {{}, 1'000'001}).error().message, HasSubstr("1000001"));
  EXPECT_EQ(acts.move(id, {}).error().code, ErrorCode::kUsage);
  add(job::Phase::kCompleted);
  EXPECT_EQ(acts.move(id, {{}, 1}).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace recorte::service
