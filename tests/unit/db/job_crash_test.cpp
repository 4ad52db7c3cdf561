// SPDX-License-Identifier: BSD-3-Clause
//
// What was acknowledged outlives a kill of this process, and of PostgreSQL.
#include "core/db/session.hpp"
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace recorte::db {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class JobsInACrash : public JobsOnBoth {};
INSTANTIATE_ON_BOTH(JobsInACrash);

TEST_P(JobsInACrash, OutliveAKillOfTheServer) {
  add("a");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(1000)));
  store_.reset();
  int acknowledged[2];
  ASSERT_EQ(::pipe(acknowledged), 0);
  const auto child = ::fork();
  if (child == 0) {
    auto store = JobStore::open({.database = database()});
    for (int i = 0; store && i < 1000; ++i) {
      if (!(*store)->finish_task("a", i, {.ok = 1}, kServer, nullptr)) ::_exit(1);
      (void)!::write(acknowledged[1], "x", 1);
    }
    ::_exit(2);
  }
  ::close(acknowledged[1]);
  char byte = 0;
  int count = 0;
  while (count < 20 && ::read(acknowledged[0], &byte, 1) == 1) ++count;
  ::kill(child, SIGKILL);
  while (::read(acknowledged[0], &byte, 1) == 1) ++count;
  ::close(acknowledged[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  ASSERT_GE(count, 20);
  store_ = open();
  const auto job = store_->find("a");
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_TRUE(job->tally.ok == count || job->tally.ok == count + 1)
      << job->tally.ok << " of " << count;
  std::int64_t done = 0;
  const auto tasks = store_->tasks("a");
  ASSERT_TRUE(tasks) << tasks.error().message;
  for (const auto& task : *tasks) done += task.done ? 1 : 0;
  EXPECT_EQ(done, job->tally.ok);
}

TEST(Jobs, OfAnSqliteFileAreSyncedAtEachCommit) {
  // Else a power failure takes what was acknowledged: the log is synced, not only written.
  const Scratch scratch;
  const Database database(scratch / "r.db");
  const auto session = open_session(database, std::chrono::seconds(1), Durability::kMachine);
  ASSERT_TRUE(session);
  int synchronous = 0;
  **session << "pragma synchronous", soci::into(synchronous);
  EXPECT_EQ(synchronous, 2);
}

class JobsOnPostgres : public testing::Test {
 protected:
  void SetUp() override {
    if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
    server_ = std::make_unique<Postgres>();
    database_ = std::make_unique<Database>(*Database::at(server_->fresh(), ""));
    ASSERT_TRUE(migrate_database(*database_));
    auto store = JobStore::open({.database = *database_, .patience = std::chrono::seconds(20)});
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    job::Job job;
    job.id = "a";
    ASSERT_TRUE(store_->add(job));
  }
  std::unique_ptr<Postgres> server_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<job::Store> store_;
};

TEST_F(JobsOnPostgres, GoOnAfterItsCrash) {
  EXPECT_TRUE(store_->find("a"));
  server_->crash();
  server_->start();
  const auto found = store_->find("a");  // by connections that are dead
  EXPECT_TRUE(found) << found.error().message;
}

TEST_F(JobsOnPostgres, CountEveryTaskOnceThroughItsCrashes) {
  constexpr int kTasks = 300;
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(kTasks)));
  std::atomic<int> next = 0;
  std::atomic<int> acknowledged = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (int i = next++; i < kTasks; i = next++) {
        const auto done = store_->finish_task("a", i, {.ok = 1}, kServer, nullptr);
        ASSERT_TRUE(done) << done.error().message;
        const auto changed = store_->change("a", [](job::Job& job) -> Status {
          ++job.rounds;
          return {};
        });
        ASSERT_TRUE(changed) << changed.error().message;
        ++acknowledged;
      }
    });
  for (int crash = 1; crash <= 3; ++crash) {
    EXPECT_TRUE(eventually([&] { return acknowledged >= crash * 60; }));
    server_->crash();
    server_->start();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(store_->find("a")->tally.ok, kTasks);
  // fsync is off in this server, yet a crash of it alone loses nothing.
  EXPECT_EQ(acknowledged, kTasks);
  EXPECT_GE(store_->find("a")->rounds, kTasks);
}

TEST_F(JobsOnPostgres, AreHeardOfAgainAfterItsCrash) {
  std::atomic<int> anything = 0;
  std::atomic<bool> told = false;
  store_->listen([&](const std::string& id) {
    if (id.empty()) ++anything;
    if (id == "a") told = true;
  });
  EXPECT_TRUE(eventually([&] { return anything == 1; }));
  testing::internal::CaptureStderr();
  server_->crash();
  server_->start();
  EXPECT_TRUE(eventually([&] { return anything == 2; }));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("are not heard of for now"));
  EXPECT_TRUE(store_->change("a", [](job::Job&) -> Status { return {}; }));
  EXPECT_TRUE(eventually([&] { return told.load(); }));
  store_.reset();  // nobody is told any more
}

TEST_F(JobsOnPostgres, SayWhyItCannotBeReached) {
  EXPECT_TRUE(store_->check());
  server_->crash();
  auto hasty = store_->check();
  ASSERT_FALSE(hasty);
  EXPECT_EQ(hasty.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(hasty.error().message,
              AllOf(HasSubstr(database_->name()), HasSubstr("cannot be reached: connection to"),
                    HasSubstr("see that it runs")));
  server_->start();
  EXPECT_TRUE(store_->check());
}

TEST_F(JobsOnPostgres, WaitForALockNoLongerThanTheyMay) {
  auto hasty = JobStore::open({.database = *database_, .patience = std::chrono::seconds(1)});
  ASSERT_TRUE(hasty);
  const auto other = Look::into(*database_);
  other->run("begin; select * from job for update");
  const auto changed = (*hasty)->change("a", [](job::Job&) -> Status { return {}; });
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(changed.error().message, HasSubstr("lock timeout; see who keeps it locked"));
  other->run("rollback");
  EXPECT_TRUE((*hasty)->change("a", [](job::Job&) -> Status { return {}; }));
}

}  // namespace
}  // namespace recorte::db
