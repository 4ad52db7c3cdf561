// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace recorte::schedule {
namespace {

constexpr Micros kSecond = 1'000'000;

/// Keeps what it is given, for the test to answer.
class Silent : public Executor {
 public:
  void run(cutout::Task, std::int64_t, Cancelled, std::function<void(Finished)> done) override {
    told.push_back(std::move(done));
  }
  void run(cutout::Task, CallerSink, Cancelled, std::function<void(Finished)> done) override {
    told.push_back(std::move(done));
  }
  void cover(cutout::Task, Cancelled, std::function<void(Result<std::string>)>) override {}
  void describe(std::string, std::function<void(Result<nlohmann::json>)>) override {}
  void locate(cutout::Task, Cancelled, std::function<void(Result<nlohmann::json>)>) override {}
  std::size_t waiting() const override { return told.size(); }
  std::size_t working() const override { return 0; }
  std::uint64_t finished() const override { return 0; }
  std::uint64_t refused() const override { return 0; }
  std::size_t workers() const override { return 3; }
  std::size_t deaths() const override { return 0; }

  std::vector<std::function<void(Finished)>> told;
};

struct AnswersTest : testing::Test {
  static cutout::Task task(std::initializer_list<std::uint64_t> rows, std::int64_t slice_ms = 0) {
    cutout::Task out;
    out.log_items = true;
    out.budget.wall_ms = 10'000;
    out.budget.slice_ms = slice_ms;
    for (const auto row : rows) out.items.push_back({row, {}, {}});
    return out;
  }
  static Finished finished(std::initializer_list<std::uint64_t> rows) {
    Finished out;
    out.report = cutout::TaskReport();
    for (const auto row : rows) {
      out.report->outcomes.emplace_back();
      out.report->outcomes.back().row = row;
    }
    return out;
  }
  void run(cutout::Task task, Cancelled cancelled = nullptr) {
    answers->run(std::move(task), CallerSink{}, std::move(cancelled), [this](Finished came) {
      last = std::move(came);
      ++heard;
    });
  }
  void wait_until_heard(int times) {
    while (heard < times) std::this_thread::yield();
  }

  std::atomic<Micros> now = 0;
  Silent behind;
  std::atomic<int> heard = 0;
  Finished last;
  std::optional<Answers> answers{
      std::in_place, behind,
      Answers::Options{60 * kSecond, 5 * kSecond, 1'000, [this] { return now.load(); }}};
};

TEST_F(AnswersTest, OnlyTheFirstAnswerCounts) {
  run(task({1, 2}));
  behind.told[0](finished({1, 2}));
  ASSERT_EQ(heard, 1);
  EXPECT_TRUE(last.report);
  behind.told[0](finished({1, 2}));
  EXPECT_EQ(heard, 1);
}

TEST_F(AnswersTest, WhatDoesNotComeInTimeIsUnavailableAndDroppedWhenItComes) {
  run(task({1, 2}));
  now = 79 * kSecond;  // of 20 that it may take and 60 besides
  run(task({3}));
  EXPECT_EQ(heard, 0);
  now = 80 * kSecond;
  wait_until_heard(1);
  ASSERT_FALSE(last.report);
  EXPECT_EQ(last.report.error().code, ErrorCode::kUnavailable);
  behind.told[0](finished({1, 2}));
  EXPECT_EQ(heard, 1);
  behind.told[1](finished({3}));  // in another order than asked for
  EXPECT_EQ(heard, 2);
  EXPECT_TRUE(last.report);
}

TEST_F(AnswersTest, OneThatIsCancelledIsAnsweredSoon) {
  const auto cancelled = std::make_shared<std::atomic<bool>>(true);
  run(task({1}), cancelled);
  for (now = 0; heard == 0;) std::this_thread::yield(), now += kSecond / 1'000;
  EXPECT_GE(now, 5 * kSecond);
  EXPECT_EQ(last.report.error().code, ErrorCode::kUnavailable);
}

TEST_F(AnswersTest, AReportOfOtherRowsIsNoReport) {
  for (const auto& rows :
       {std::initializer_list<std::uint64_t>{2, 1}, {1}, {1, 2, 3}, {1, 7}, {}}) {
    run(task({1, 2}));
    behind.told.back()(finished(rows));
    ASSERT_FALSE(last.report);
    EXPECT_EQ(last.report.error().code, ErrorCode::kUnavailable);
  }
  run(task({1, 2}, 2'000));
  behind.told.back()(finished({1}));  // its slice was over
  EXPECT_TRUE(last.report);
  run(task({1, 2}, 2'000));
  behind.told.back()(finished({}));
  EXPECT_FALSE(last.report);
}

TEST_F(AnswersTest, WhoStillWaitsHearsThatItIsOver) {
  run(task({1}));
  answers.reset();
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(last.report.error().code, ErrorCode::kUnavailable);
  behind.told[0](finished({1}));  // to nobody
  EXPECT_EQ(heard, 1);
}

TEST_F(AnswersTest, ASliceBoundsWhatATaskMayTake) {
  EXPECT_EQ(longest_us(task({1, 2, 3})), 30 * kSecond);
  EXPECT_EQ(longest_us(task({1, 2, 3}, 2'000)), 12 * kSecond);
  EXPECT_EQ(longest_us(task({1}, 2'000)), 10 * kSecond);
  auto alone = task({1, 2});
  alone.log_items = false;
  EXPECT_EQ(longest_us(alone), 10 * kSecond);
}

}  // namespace
}  // namespace recorte::schedule
