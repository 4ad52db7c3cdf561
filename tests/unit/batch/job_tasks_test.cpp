// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/job_tasks.hpp"

#include "core/batch/order.hpp"
#include "core/batch/pack.hpp"
#include "memory_store.hpp"
#include "plans.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <string>

namespace recorte::batch {
namespace {

using testing::ElementsAre;

struct JobTasksTest : testing::Test {
  JobTasksTest() {
    std::string list = "id,ra,dec\n";
    for (int i = 0; i < 20; ++i) list += std::to_string(i) + "," + std::to_string(10 + i) + ",20\n";
    EXPECT_TRUE(expand({*variants_of(kStamps), {}}, list, "list", {}, directory.path() / "plan"));
    plan.emplace(Plan::open(directory.path() / "plan").value());
    job.id = "j";
    job.phase = job::Phase::kQueued;
    EXPECT_TRUE(store.add(job));
  }

  std::vector<job::Task> tasks(std::int64_t most = 256, std::size_t workers = 1) {
    auto out = job_tasks(store, job, directory.path(), *plan, most, workers);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(std::vector<job::Task>{});
  }
  /// Seals a task whose products all end so.
  void seal(const job::Task& task, bool good) {
    auto pack = PackWriter::open(directory.path(), task.number);
    ASSERT_TRUE(pack) << pack.error().message;
    const auto products = read_order(directory.path(), task.first, task.count).value();
    for (const auto product : products)
      ASSERT_TRUE(good ? test::write_item(pack->descriptor(), test::made(product), "pixels")
                       : pack->add(test::failed(product, ErrorCode::kData, "broken")));
    ASSERT_TRUE(pack->seal());
    ASSERT_TRUE(store.finish_task("j", task.number, {}, "", nullptr));
  }

  const TemporaryDirectory directory;
  test::MemoryStore store;
  std::optional<Plan> plan;
  job::Job job;
};

TEST_F(JobTasksTest, EveryProductIsInOneTask) {
  const auto all = tasks(6);
  std::vector<std::uint32_t> seen;
  for (const auto& task : all) {
    EXPECT_LE(task.count, 6);
    const auto products = read_order(directory.path(), task.first, task.count).value();
    seen.insert(seen.end(), products.begin(), products.end());
  }
  std::ranges::sort(seen);
  std::vector<std::uint32_t> expected(20);
  std::iota(expected.begin(), expected.end(), 0U);
  EXPECT_EQ(seen, expected);
}

TEST_F(JobTasksTest, AShortJobIsSharedOutAmongWorkers) { EXPECT_GE(tasks(256, 4).size(), 4U); }

TEST_F(JobTasksTest, ASecondStartFindsTheSame) {
  const auto first = tasks(6);
  const auto second = tasks(6);
  ASSERT_EQ(second.size(), first.size());
  EXPECT_EQ(std::filesystem::file_size(directory.path() / "order"), 20 * sizeof(std::uint32_t));
}

TEST_F(JobTasksTest, WhatFailedIsTriedAgainOnceWhateverIsRepeated) {
  const auto first = tasks(10);
  ASSERT_EQ(first.size(), 2U);
  seal(first[0], true);
  seal(first[1], false);
  const auto again = tasks(10);
  EXPECT_EQ(again.size(), 4U);
  EXPECT_EQ(read_order(directory.path(), 20, 10).value(),
            read_order(directory.path(), first[1].first, first[1].count).value());
  // A server that died before the job was EXECUTING begins once more.
  const auto repeated = tasks(10);
  EXPECT_EQ(repeated.size(), again.size());
}

TEST_F(JobTasksTest, OneThatRunsTriesNothingAgain) {
  const auto first = tasks(20);
  for (const auto& task : first) seal(task, false);
  job.phase = job::Phase::kExecuting;
  EXPECT_EQ(tasks(20).size(), first.size());
}

TEST_F(JobTasksTest, AnOrderThatIsCutOffIsAnErrorThatNamesIt) {
  const auto task = tasks(20).back();
  std::filesystem::resize_file(directory.path() / "order", 10);
  const auto read = read_order(directory.path(), task.first, task.count);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kData);
  EXPECT_THAT(read.error().message, testing::HasSubstr("order"));
  // What is added to it afterwards begins at a whole number.
  EXPECT_EQ(append_order(directory.path(), std::vector<std::uint32_t>{7, 8}).value(), 2);
  EXPECT_THAT(read_order(directory.path(), 2, 2).value(), ElementsAre(7, 8));
}

}  // namespace
}  // namespace recorte::batch
