// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/waiting.hpp"

#include "tests/unit/service/fake_jobs.hpp"

#include <gmock/gmock.h>

namespace recorte::uws {
namespace {

using namespace testing;
using job::Phase;

class Waiting : public Test {
 protected:
  /// The phase that it was told; nothing while it waits.
  std::shared_ptr<std::optional<Phase>> wait(const std::string& id, const Wait& wait,
                                             const service::Asker& asker = {}) {
    auto out = std::make_shared<std::optional<Phase>>();
    wait_for_change(jobs, jobs.all.at(id), wait, asker, [out](const Result<job::Job>& now) {
      *out = now ? now->phase : Phase::kArchived;
    });
    return out;
  }
  test::FakeJobs jobs;
};

TEST_F(Waiting, EndsWithTheChange) {
  jobs.add("a", Phase::kQueued);
  const auto told = wait("a", {10, {}});
  EXPECT_FALSE(*told);
  EXPECT_EQ(jobs.waited_seconds, 10);
  jobs.change("a", [](auto& job) { job.phase = Phase::kExecuting; });
  EXPECT_EQ(*told, Phase::kExecuting);
}

TEST_F(Waiting, GoesOnThroughProgress) {
  jobs.add("a", Phase::kExecuting);
  const auto told = wait("a", {10, {}});
  jobs.change("a", [](auto& job) { ++job.tally.ok; });
  EXPECT_FALSE(*told);
  EXPECT_EQ(jobs.waits, 2);
  jobs.change("a", [](auto& job) { job.phase = Phase::kCompleted; });
  EXPECT_EQ(*told, Phase::kCompleted);
}

TEST_F(Waiting, IsNoneWhereNothingChangesByItself) {
  for (const auto phase : {Phase::kCompleted, Phase::kError, Phase::kAborted, Phase::kHeld,
                           Phase::kArchived, Phase::kSuspended}) {
    jobs.add("a", phase);
    EXPECT_EQ(*wait("a", {10, {}}), phase);
  }
  jobs.add("a", Phase::kPending);
  EXPECT_FALSE(*wait("a", {10, {}}));
}

TEST_F(Waiting, IsNoneWhereThePhaseIsAnother) {
  jobs.add("a", Phase::kExecuting);
  EXPECT_EQ(*wait("a", {10, Phase::kQueued}), Phase::kExecuting);
  EXPECT_FALSE(*wait("a", {10, Phase::kExecuting}));
  EXPECT_EQ(*wait("a", {0, {}}), Phase::kExecuting);
}

TEST_F(Waiting, EndsWithTheJob) {
  jobs.add("a", Phase::kExecuting);
  const auto told = wait("a", {10, {}});
  jobs.all.clear();
  jobs.tell();
  EXPECT_EQ(*told, Phase::kArchived);
}

TEST_F(Waiting, EndsWhenNobodyWaitsAnyMore) {
  jobs.add("a", Phase::kExecuting);
  const auto gone = std::make_shared<std::atomic<bool>>(false);
  service::Asker asker;
  asker.gone = gone;
  const auto told = wait("a", {10, {}}, asker);
  *gone = true;
  jobs.tell();
  EXPECT_TRUE(*told);
  EXPECT_FALSE(jobs.somebody_waits());
}

TEST(WaitParameters, AreReadAndBounded) {
  EXPECT_EQ(read_wait({})->seconds, 0);
  EXPECT_EQ(read_wait({{"wait", "5"}})->seconds, 5);
  EXPECT_EQ(read_wait({{"WAIT", "-1"}})->seconds, kLongestWait);
  EXPECT_EQ(read_wait({{"WAIT", "100000"}})->seconds, kLongestWait);
  EXPECT_EQ(read_wait({{"WAIT", "5"}, {"PHASE", "QUEUED"}})->phase, Phase::kQueued);
  EXPECT_FALSE(read_wait({{"PHASE", "QUEUED"}})->phase);
  EXPECT_EQ(read_wait({{"WAIT", "5"}, {"PHASE", "UNKNOWN"}})->seconds, 0);
}

TEST(WaitParameters, AreRefusedByName) {
  EXPECT_THAT(read_wait({{"WAIT", "-2"}}).error().message, HasSubstr("'-2'"));
  EXPECT_THAT(read_wait({{"WAIT", "soon"}}).error().message, HasSubstr("'soon'"));
  EXPECT_THAT(read_wait({{"WAIT", "1"}, {"PHASE", "RUN"}}).error().message, HasSubstr("'RUN'"));
  EXPECT_EQ(read_wait({{"WAIT", "1"}, {"WAIT", "2"}}).error().code, ErrorCode::kMultiValued);
}

}  // namespace
}  // namespace recorte::uws
