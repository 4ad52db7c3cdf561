// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/results.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::batch {
namespace {

using testing::HasSubstr;

class ResultsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto plan = PlanWriter::create(directory_.path() / kPlanFile, {});
    ASSERT_TRUE(plan) << plan.error().message;
    for (std::uint64_t i = 0; i < 5; ++i) {
      Planned product;
      product.row = i + 1;
      product.id = "id " + std::to_string(i);
      product.name = std::to_string(i) + ".fits";
      product.request = "survey=small&ra=150.1&dec=2.2&size=16px";
      ASSERT_TRUE(plan->add(product));
    }
    ASSERT_TRUE(plan->finish());
  }
  PackWriter pack(std::int64_t task) {
    auto opened = PackWriter::open(directory_.path(), task);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  auto open(const std::vector<std::int64_t>& tasks) {
    return Results::open(directory_.path(), tasks);
  }
  static std::string bytes(const Results& results, std::size_t number) {
    const auto found = results.product(number);
    return found ? test::product_of(*found->pack, found->item) : "(none)";
  }

  TemporaryDirectory directory_;
};

TEST_F(ResultsTest, FindsEachProductAndTellsWhichAreNotDone) {
  auto first = pack(0), second = pack(1);
  ASSERT_TRUE(test::write_item(first.descriptor(), test::made(3), "three"));
  ASSERT_TRUE(test::write_item(first.descriptor(), test::made(0, 0.5), "zero"));
  ASSERT_TRUE(test::write_item(second.descriptor(), test::made(1), "one"));
  ASSERT_TRUE(second.add(test::failed(4, ErrorCode::kNoCoverage, "nothing there")));
  ASSERT_TRUE(first.seal() && second.seal());

  const auto none = open({});
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_EQ((*none)->tally(), job::Tally{});
  EXPECT_EQ(bytes(**none, 3), "(none)");

  const auto all = open({0, 1}).value();
  EXPECT_EQ(all->plan().size(), 5U);
  EXPECT_EQ(bytes(*all, 0), "zero");
  EXPECT_EQ(bytes(*all, 1), "one");
  EXPECT_EQ(bytes(*all, 2), "(none)");
  EXPECT_EQ(bytes(*all, 3), "three");
  EXPECT_EQ(bytes(*all, 4), "");
  EXPECT_EQ(bytes(*all, 5), "(none)");
  const job::Tally tally{2, 1, 1, 0, 12, 750'000};
  EXPECT_EQ(all->tally(), tally);
}

TEST_F(ResultsTest, WhatWasTriedAgainCountsAsTheLastSays) {
  auto first = pack(0), again = pack(7);
  ASSERT_TRUE(first.add(test::failed(2, ErrorCode::kTimeout, "late")));
  ASSERT_TRUE(test::write_item(again.descriptor(), test::made(2), "two"));
  ASSERT_TRUE(first.seal() && again.seal());
  const auto all = open({0, 7}).value();
  EXPECT_EQ(bytes(*all, 2), "two");
  EXPECT_EQ(all->tally().ok, 1);
  EXPECT_EQ(all->tally().failed, 0);
  EXPECT_EQ(all->tally().bytes, 3);
}

TEST_F(ResultsTest, APackThatIsMissingOrOfAnotherJobIsAnError) {
  EXPECT_EQ(open({0}).error().code, ErrorCode::kNotFound);
  auto other = pack(0);
  ASSERT_TRUE(test::write_item(other.descriptor(), test::made(5), "five"));
  ASSERT_TRUE(other.seal());
  const auto results = open({0});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, ErrorCode::kData);
  EXPECT_THAT(results.error().message, HasSubstr("task-000000.pack"));
}

}  // namespace
}  // namespace recorte::batch
