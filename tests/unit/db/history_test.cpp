// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/history.hpp"

#include "core/db/admin.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace recorte::db {
namespace {

using schedule::RunLane;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HistoryOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(migrate_database(database()));
    auto opened = History::open(database());
    ASSERT_TRUE(opened) << opened.error().message;
    history_ = std::move(*opened);
  }
  void add(const std::string& id, Micros ended, const std::string& kind = "demo cut fits",
           RunLane lane = RunLane::kBatch) {
    schedule::Run run;
    run.work = {kind, lane, 1, 1};
    run.id = id;
    run.ended = ended;
    const auto added = history_->add(run);
    EXPECT_TRUE(added) << added.error().message;
  }
  std::vector<std::string> latest(std::int64_t of_each_kind) {
    const auto runs = history_->latest(of_each_kind);
    EXPECT_TRUE(runs) << runs.error().message;
    std::vector<std::string> out;
    if (runs)
      for (const auto& run : *runs) out.push_back(run.id);
    return out;
  }
  std::unique_ptr<schedule::History> history_;
};
INSTANTIATE_ON_BOTH(HistoryOnBoth);

TEST_P(HistoryOnBoth, GivesBackWhatWasAdded) {
  schedule::Run run;
  run.work = {"demo cut fits + demo lupton png", RunLane::kBatch, 123'456, 7.25e12};
  run.id = "a";
  run.ended = 1'700'000'000'123'456;
  run.hands = 8;
  run.work_s = 1234.567891;
  run.took_s = 98.765432;
  run.waited_s = 1.5;
  run.bytes = std::int64_t{1} << 45;
  run.predicted_s = {80, 100.25, 130};
  run.predicted_bytes = 17;
  ASSERT_TRUE(history_->add(run));
  const auto runs = history_->latest(10);
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 1U);
  const auto& back = runs->front();
  EXPECT_EQ(back.work.kind, run.work.kind);
  EXPECT_EQ(back.work.lane, run.work.lane);
  EXPECT_EQ(back.work.products, run.work.products);
  EXPECT_EQ(back.work.pixels, run.work.pixels);
  EXPECT_EQ(back.id, run.id);
  EXPECT_EQ(back.ended, run.ended);
  EXPECT_EQ(back.hands, run.hands);
  EXPECT_DOUBLE_EQ(back.work_s, run.work_s);
  EXPECT_DOUBLE_EQ(back.took_s, run.took_s);
  EXPECT_DOUBLE_EQ(back.waited_s, run.waited_s);
  EXPECT_EQ(back.bytes, run.bytes);
  EXPECT_DOUBLE_EQ(back.predicted_s.low, run.predicted_s.low);
  EXPECT_DOUBLE_EQ(back.predicted_s.middle, run.predicted_s.middle);
  EXPECT_DOUBLE_EQ(back.predicted_s.high, run.predicted_s.high);
  EXPECT_EQ(back.predicted_bytes, run.predicted_bytes);
}

TEST_P(HistoryOnBoth, GivesTheLastOfEachKindAndLaneOldestFirst) {
  EXPECT_THAT(latest(2), IsEmpty());
  for (int i = 1; i <= 4; ++i) {
    add("a" + std::to_string(i), 10 * i);
    add("b" + std::to_string(i), 10 * i + 1, "it's another");
    add("c" + std::to_string(i), 10 * i + 2, "demo cut fits", RunLane::kSync);
  }
  EXPECT_THAT(latest(2), ElementsAre("a3", "b3", "c3", "a4", "b4", "c4"));
  EXPECT_EQ(latest(100).size(), 12U);
}

TEST_P(HistoryOnBoth, KeepsTheFirstOfTwoOfOneTimeAndId) {
  add("a", 10, "first");
  add("a", 10, "second");
  const auto runs = history_->latest(10);
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->size(), 1U);
  EXPECT_EQ(runs->front().work.kind, "first");
}

TEST_P(HistoryOnBoth, ForgetsWhatIsOld) {
  for (int i = 0; i < 1'200; ++i) add("a" + std::to_string(i), i);
  const auto forgotten = history_->forget(1'198);
  ASSERT_TRUE(forgotten) << forgotten.error().message;
  EXPECT_EQ(*forgotten, 1'198);
  EXPECT_THAT(latest(10), ElementsAre("a1198", "a1199"));
  const auto pruned = prune(database(), 1'199);
  ASSERT_TRUE(pruned) << pruned.error().message;
  EXPECT_EQ(pruned->runs, 1);
  EXPECT_THAT(latest(10), ElementsAre("a1199"));
}

}  // namespace
}  // namespace recorte::db
