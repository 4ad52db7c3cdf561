// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/janitor.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/batch/leftovers.hpp"
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
  EXPECT_THAT(told, ElementsAre("a", "a")) << "before, and after";
}

TEST_F(JanitorTest, WhoseDestructionWasPutOffMeanwhileStays) {
  make("a", 1, 10, now_micros() - 1);
  store.meanwhile = [](job::Job& job) { job.destruction = now_micros() + kHour; };
  sweep();
  EXPECT_EQ(phase("a"), job::Phase::kCompleted);
  EXPECT_EQ(files("a").size(), 4U);
}

TEST_F(JanitorTest, OneThatIsRunAgainMeanwhileStays) {
  make("a", 1, 60, now_micros() + kHour);
  store.meanwhile = [](job::Job& job) { job.phase = job::Phase::kQueued; };
  Janitor::Options options;
  options.most_bytes = 50;
  sweep(options);
  EXPECT_EQ(store.jobs["a"].version, 0) << "nothing was changed";
  EXPECT_EQ(files("a").size(), 4U);
}

TEST_F(JanitorTest, WhatIsLeftOfArchivedJobsGoes) {
  const std::string kept(32, 'a'), hidden(32, 'b'), alive(32, 'c');
  for (const auto& id : {kept, hidden, alive}) make(id, 1, 10, now_micros() + kHour);
  for (const auto& id : {kept, hidden}) store.jobs[id].phase = job::Phase::kArchived;
  store.jobs[hidden].visibility = job::Visibility::kHiddenByUser;
  sweep();
  EXPECT_THAT(files(kept), ElementsAre("list"));
  EXPECT_FALSE(fs::exists(results.path() / hidden));
  EXPECT_EQ(files(alive).size(), 4U);
  EXPECT_THAT(told, testing::UnorderedElementsAre(kept, hidden));
}

TEST_F(JanitorTest, WhatItsOwnerTakesAwayGoesWithItsList) {
  make("a", 1, 10, now_micros() + kHour);
  ASSERT_TRUE(archive(store, results.path(), "a", true));
  EXPECT_FALSE(fs::exists(results.path() / "a"));
  EXPECT_EQ(store.jobs["a"].visibility, job::Visibility::kHiddenByUser);
}

TEST_F(JanitorTest, ADirectoryThatCannotBeReadIsToldAndTheOthersAreDone) {
  const std::string bad(32, 'a'), good(32, 'b');
  for (const auto& id : {bad, good}) {
    make(id, 1, 10, now_micros() + kHour);
    store.jobs[id].phase = job::Phase::kArchived;
  }
  fs::remove_all(results.path() / bad);
  ASSERT_TRUE(write_file(results.path() / bad, "no directory"));
  {
    Janitor janitor({.directory = results.path(), .every = kHour}, store, [](const auto&) {});
    const auto swept = janitor.sweep();
    ASSERT_FALSE(swept);
    EXPECT_THAT(swept.error().message, testing::HasSubstr((results.path() / bad).string()));
  }
  EXPECT_THAT(files(good), ElementsAre("list"));
  EXPECT_FALSE(archive(store, results.path(), bad, false));
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

/// Directories of no job: old ones, a young one, one that is not named as a job.
struct StraysTest : JanitorTest {
  StraysTest() {
    for (const auto& name : {stray, young, someones, scratch})
      fs::create_directories(results.path() / name);
    const timespec past[2]{{1'000'000'000, 0}, {1'000'000'000, 0}};
    for (const auto& name : {stray, someones, scratch})
      EXPECT_EQ(::utimensat(AT_FDCWD, (results.path() / name).c_str(), past, 0), 0);
  }
  bool is_there(const std::string& name) const { return fs::exists(results.path() / name); }
  const std::string stray = std::string(32, 'a'), young = std::string(32, 'b'),
                    someones = "estimate-of-someone", scratch = "estimate-0123456789abcdef";
};

TEST_F(StraysTest, GoAndWhatIsNotOursStays) {
  sweep();
  EXPECT_FALSE(is_there(stray));
  EXPECT_FALSE(is_there(scratch));
  EXPECT_TRUE(is_there(young));
  EXPECT_TRUE(is_there(someones));
}

TEST_F(StraysTest, StayAsLongAsAJobMayBeKept) {
  Janitor::Options options;
  options.stray = now_micros() - 1;
  sweep(options);
  EXPECT_TRUE(is_there(stray));
}

TEST_F(StraysTest, OfAnotherDatabaseStay) {
  ASSERT_TRUE(write_file(results.path() / kMarkerFile, "another\n"));
  sweep();
  EXPECT_TRUE(is_there(stray));
  EXPECT_EQ(read_file(results.path() / kMarkerFile).value(), "another\n");
  fs::remove(results.path() / kMarkerFile);
  sweep();
  EXPECT_FALSE(is_there(stray));
  EXPECT_EQ(read_file(results.path() / kMarkerFile).value(), store.name + "\n");
}

}  // namespace
}  // namespace recorte::batch
