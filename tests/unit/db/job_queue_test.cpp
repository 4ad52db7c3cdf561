// SPDX-License-Identifier: BSD-3-Clause
//
// What those see who choose the next job.
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

class JobQueueOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (!IsSkipped()) store_ = open(database(), [this] { return now_; });
  }
  void edit(const std::string& id, const std::function<void(job::Job&)>& with) {
    ASSERT_TRUE(store_->change(id, [&](job::Job& job) -> Status {
      with(job);
      return {};
    }));
  }
  std::vector<job::Queued> queue(std::int64_t per_owner = 100) {
    auto out = store_->queue("one", per_owner);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(std::vector<job::Queued>());
  }
  std::vector<std::string> waiting(std::int64_t per_owner = 100) {
    std::vector<std::string> out;
    for (const auto& each : queue(per_owner)) out.push_back(each.id);
    return out;
  }
  Micros now_ = 1000;
};
INSTANTIATE_ON_BOTH(JobQueueOnBoth);

TEST_P(JobQueueOnBoth, HasWhatWaitsAndRunsInTheOrderOfEachOwner) {
  EXPECT_THAT(queue(), IsEmpty());
  for (const auto phase : {Phase::kPending, Phase::kHeld, Phase::kCompleted, Phase::kArchived})
    add("not " + std::string(name_of(phase)), phase);
  add("a1", Phase::kQueued, "ann");
  add("b1", Phase::kQueued, "bob");
  add("a2", Phase::kQueued, "ann");
  add("a3", Phase::kQueued, "ann");
  add("a4", Phase::kExecuting, "ann");
  EXPECT_THAT(waiting(), ElementsAre("a4", "a1", "a2", "a3", "b1"));
  edit("a3", [](job::Job& job) { job.place = 1; });
  edit("a1", [](job::Job& job) { job.place = -1; });
  EXPECT_THAT(waiting(), ElementsAre("a4", "a3", "a2", "a1", "b1"));
  EXPECT_THAT(waiting(2), ElementsAre("a4", "a3", "b1"));
}

TEST_P(JobQueueOnBoth, SaysAllThatTheChoiceNeeds) {
  const auto plain = add("a", Phase::kQueued);
  auto row = queue().front();
  EXPECT_EQ(row.owner, "ann");
  EXPECT_EQ(row.created, plain.created);
  EXPECT_EQ(row.queued, plain.created) << "of an older program, that did not say it";
  EXPECT_EQ(row.prediction, job::Prediction());
  const job::Prediction predicted{"demo cut fits", 1.5e12, 1, 2, 3, 4};
  edit("a", [&](job::Job& job) {
    job.service = "portal";
    job.priority = "internal";
    job.groups = {"des", "lsst"};
    job.place = 7;
    job.queued = 500;
    job.products = 90;
    job.tally = {.ok = 1, .partial = 2, .no_coverage = 3, .failed = 4};
    job.prediction = predicted;
  });
  row = queue().front();
  EXPECT_EQ(row.service, "portal");
  EXPECT_EQ(row.priority, "internal");
  EXPECT_THAT(row.groups, ElementsAre("des", "lsst"));
  EXPECT_EQ(row.phase, Phase::kQueued);
  EXPECT_EQ(row.place, 7);
  EXPECT_EQ(row.queued, 500);
  EXPECT_EQ(row.products, 90);
  EXPECT_EQ(row.done, 10);
  EXPECT_EQ(row.prediction, predicted);
}

TEST_P(JobQueueOnBoth, IsFreeForWhomItMayBe) {
  add("a", Phase::kQueued);
  EXPECT_TRUE(queue().front().free);
  ASSERT_TRUE(*store_->claim("a", "two", 10));
  EXPECT_FALSE(queue().front().free);
  EXPECT_EQ(queue().front().server, "two");
  EXPECT_EQ(queue().front().lease, 1010);
  EXPECT_TRUE(store_->queue("two", 1)->front().free);
  now_ = 1010;
  EXPECT_TRUE(queue().front().free) << "its lease is over";
}

}  // namespace
}  // namespace recorte::db
