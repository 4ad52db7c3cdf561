// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/janitor.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "memory_store.hpp"
#include "plans.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

namespace recorte::batch {
namespace {

using testing::ElementsAre;
namespace fs = std::filesystem;

constexpr Micros kHour = 3'600'000'000;

struct JanitorTest : testing::Test {
  /// A job that ended, with results on disk.
  void make(const std::string& id, Micros created, std::int64_t bytes, Micros destruction,
            const std::string& owner = "ann") {
    job::Job job;
    job.id = id;
    job.owner = owner;
    job.created = created;
    job.destruction = destruction;
    job.tally.bytes = bytes;
    job.phase = job::Phase::kCompleted;
    store.jobs[id] = job;
    fs::create_directories(results.path() / id);
    for (const auto* file : {"list", "plan", "order", "task-000000.pack"})
      ASSERT_TRUE(write_file(results.path() / id / file, "x"));
  }
  void sweep(Janitor::Options options = {}) {
    options.directory = results.path();
    options.every = kHour;
    Janitor janitor(options, store, [this](const std::string& id) { told.push_back(id); });
    ASSERT_TRUE(janitor.sweep());
  }
  std::vector<std::string> files(const std::string& id) const {
    std::vector<std::string> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(results.path() / id, error))
      out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
  }
  job::Phase phase(const std::string& id) { return store.find(id)->phase; }

  const TemporaryDirectory results;
  test::MemoryStore store;
  std::vector<std::string> told;
};

TEST_F(JanitorTest, ResultsGoAtTheirDestructionAndTheListStays) {
  make("a", 1, 10, now_micros() - 1);
  make("b", 2, 10, now_micros() + kHour);
  sweep();
  EXPECT_EQ(phase("a"), job::Phase::kArchived);
  EXPECT_THAT(files("a"), ElementsAre("list"));
  EXPECT_EQ(phase("b"), job::Phase::kCompleted);
  EXPECT_EQ(files("b").size(), 4U);
  EXPECT_THAT(told, ElementsAre("a"));
}

TEST_F(JanitorTest, OneThatRunsIsStoppedAtItsDestruction) {
  make("a", 1, 10, now_micros() - 1);
  store.jobs["a"].phase = job::Phase::kExecuting;
  sweep();
  EXPECT_EQ(phase("a"), job::Phase::kArchived);
}

TEST_F(JanitorTest, TheOldestGoFirstUntilAllFits) {
  const auto later = now_micros() + kHour;
  make("old", 1, 60, later);
  make("middle", 2, 60, later);
  make("new", 3, 60, later);
  Janitor::Options options;
  options.most_bytes = 100;
  sweep(options);
  EXPECT_EQ(phase("old"), job::Phase::kArchived);
  EXPECT_EQ(phase("middle"), job::Phase::kArchived);
  EXPECT_EQ(phase("new"), job::Phase::kCompleted);
}

TEST_F(JanitorTest, EachOwnerHasABoundOfTheirOwn) {
  const auto later = now_micros() + kHour;
  make("ann1", 1, 80, later);
  make("ann2", 2, 80, later);
  make("bob1", 3, 80, later, "bob");
  Janitor::Options options;
  options.most_bytes_of_one = 100;
  sweep(options);
  EXPECT_EQ(phase("ann1"), job::Phase::kArchived);
  EXPECT_EQ(phase("ann2"), job::Phase::kCompleted);
  EXPECT_EQ(phase("bob1"), job::Phase::kCompleted);
}

TEST_F(JanitorTest, StraysGoAndWhatIsNotOursStays) {
  const std::string stray(32, 'a'), young(32, 'b');
  for (const auto& name : {stray, young, std::string("someone's data")})
    fs::create_directories(results.path() / name);
  const timespec past[2]{{1'000'000'000, 0}, {1'000'000'000, 0}};
  for (const auto& name : {stray, std::string("someone's data")})
    ASSERT_EQ(::utimensat(AT_FDCWD, (results.path() / name).c_str(), past, 0), 0);
  sweep();
  EXPECT_FALSE(fs::exists(results.path() / stray));
  EXPECT_TRUE(fs::exists(results.path() / young));
  EXPECT_TRUE(fs::exists(results.path() / "someone's data"));
}

}  // namespace
}  // namespace recorte::batch
