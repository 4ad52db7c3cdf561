// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/results.hpp"

#include "core/base/io.hpp"
#include "core/batch/pack_index.hpp"
#include "core/batch/places.hpp"
#include "support.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace recorte::batch {
namespace {

using testing::HasSubstr;

class ResultsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto plan = PlanWriter::create(plan_file(directory_.path()), {});
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

TEST_F(ResultsTest, SaysWhatIsNeededToHaveThem) {
  auto first = pack(0), old = pack(1);
  auto item = test::made(3);
  item.needs = {{"small", "dr1", "us", ""}};
  ASSERT_TRUE(test::write_item(first.descriptor(), item, "three"));
  ASSERT_TRUE(first.add(test::failed(4, ErrorCode::kNoCoverage, "nothing there")));
  ASSERT_TRUE(test::write_item(old.descriptor(), test::made(0), "zero"));
  ASSERT_TRUE(first.seal() && old.seal());
  account::Need by_request;
  by_request.survey = "small";
  by_request.noted = false;

  const auto all = open({0, 1}).value();
  EXPECT_THAT(all->needs(), testing::UnorderedElementsAre(item.needs.front(), by_request));
  EXPECT_THAT(all->needs(3).value(), testing::ElementsAre(item.needs.front()));
  EXPECT_THAT(all->needs(0).value(), testing::ElementsAre(by_request));
  for (const std::size_t none : {1, 4, 5}) EXPECT_TRUE(all->needs(none)->empty()) << none;
  EXPECT_THAT(open({0}).value()->needs(), testing::ElementsAre(item.needs.front()));
}

TEST_F(ResultsTest, WithoutAPackThatIsMissingBrokenOrOfAnotherJobTheOthersWork) {
  auto good = pack(0), broken = pack(2), other = pack(3);
  ASSERT_TRUE(test::write_item(good.descriptor(), test::made(0), "zero"));
  ASSERT_TRUE(test::write_item(broken.descriptor(), test::made(1), "one"));
  ASSERT_TRUE(test::write_item(other.descriptor(), test::made(2), "two"));
  ASSERT_TRUE(test::write_item(other.descriptor(), test::made(5), "five"));
  ASSERT_TRUE(good.seal() && broken.seal() && other.seal());
  std::filesystem::resize_file(pack_file(directory_.path(), 2), 100);

  const auto results = open({0, 1, 2, 3});
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_THAT((*results)->missing(), testing::ElementsAre(1, 2, 3));
  EXPECT_THAT((*results)->why_missing(), HasSubstr("task-000001.pack"));
  EXPECT_EQ(bytes(**results, 0), "zero");
  for (const auto lost : {1, 2}) EXPECT_EQ(bytes(**results, lost), "(none)");
  EXPECT_EQ((*results)->tally().products(), 1);
  EXPECT_EQ((*results)->tally().work_us, 250'000);
}

TEST_F(ResultsTest, PacksThatWereOpenedBeforeAreTakenAsTheyAre) {
  auto first = pack(0), second = pack(1);
  ASSERT_TRUE(test::write_item(first.descriptor(), test::made(0), "zero"));
  ASSERT_TRUE(test::write_item(second.descriptor(), test::made(1), "one"));
  ASSERT_TRUE(first.seal() && second.seal());
  const auto before = open({0}).value();
  const auto now = Results::open(directory_.path(), {0, 1}, before).value();
  EXPECT_EQ(now->product(0)->pack, before->product(0)->pack);
  EXPECT_EQ(bytes(*now, 1), "one");
  EXPECT_EQ(now->tally().ok, 2);
}

std::ptrdiff_t descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST_F(ResultsTest, OfManyPacksFewAreOpen) {
  constexpr std::int64_t kPacks = 3 * Pack::kOpenPacks;
  std::vector<std::int64_t> tasks;
  for (std::int64_t task = 0; task < kPacks; ++task) {
    auto one = pack(task);
    ASSERT_TRUE(test::write_item(one.descriptor(), test::made(task % 5), std::to_string(task)));
    ASSERT_TRUE(one.seal());
    tasks.push_back(task);
  }
  const auto before = descriptors();
  const auto all = open(tasks).value();
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_GE(std::stoll(bytes(*all, i)), kPacks - 5) << "the last one counts";
  EXPECT_LE(descriptors() - before, std::ptrdiff_t{Pack::kOpenPacks} + 2);
}

/// What was opened before a pack was taken away, damaged or replaced finds out, and who opens it
/// again has what there is.
TEST_F(ResultsTest, APackThatChangesNeverthelessIsOpenedAgain) {
  std::vector<std::int64_t> tasks;
  const auto seal = [&](std::int64_t task, std::uint64_t product, const std::string& text) {
    auto one = pack(task);
    ASSERT_TRUE(test::write_item(one.descriptor(), test::made(product), text));
    ASSERT_TRUE(one.seal());
  };
  for (std::int64_t task = 0; task <= std::int64_t{Pack::kOpenPacks}; ++task) {
    seal(task, task == 0 ? 0 : 1, "some");
    tasks.push_back(task);
  }
  auto results = open(tasks).value();
  EXPECT_FALSE(results->is_stale());
  std::filesystem::remove(pack_file(directory_.path(), 0));
  const auto lost = results->product(0);
  EXPECT_EQ(lost->pack->file().error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(results->is_stale());

  results = Results::open(directory_.path(), tasks, results).value();
  EXPECT_THAT(results->missing(), testing::ElementsAre(0));
  EXPECT_FALSE(results->is_stale());
  seal(0, 0, "again");
  EXPECT_EQ(lost->pack->file().error().code, ErrorCode::kUnavailable) << "it is another";
  results = Results::open(directory_.path(), tasks, results).value();
  EXPECT_THAT(results->missing(), testing::IsEmpty());
  EXPECT_EQ(bytes(*results, 0), "again");
}

TEST_F(ResultsTest, APackOfWhichWhatIsSaidIsDamagedIsMissingOnceThatIsKnown) {
  auto one = pack(0);
  ASSERT_TRUE(test::write_item(one.descriptor(), test::made(0), "zero"));
  ASSERT_TRUE(one.seal());
  const auto file = pack_file(directory_.path(), 0);
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  const std::byte damage{0xff};
  ASSERT_TRUE(
      pwrite_all(fd.get(), {&damage, 1},
                 static_cast<std::int64_t>(std::filesystem::file_size(file)) - kTrailer - 1));
  auto results = open({0}).value();
  EXPECT_EQ(results->product(0)->pack->outcome(0).error().code, ErrorCode::kData);
  for (int i = 0; i < 2; ++i) {
    results = Results::open(directory_.path(), {0}, results).value();
    EXPECT_THAT(results->missing(), testing::ElementsAre(0));
    EXPECT_FALSE(results->is_stale());
  }
}

}  // namespace
}  // namespace recorte::batch
