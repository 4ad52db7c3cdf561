// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/request_log.hpp"

#include "core/base/io.hpp"
#include "core/db/admin.hpp"
#include "core/db/migrate.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <latch>
#include <thread>

namespace recorte::db {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr Micros kHour = 3'600'000'000;

std::unique_ptr<RequestLog> opened(RequestLog::Options options) {
  auto log = RequestLog::open(std::move(options));
  EXPECT_TRUE(log) << log.error().message;
  return log ? std::move(*log) : nullptr;
}

RequestRecord record(int number, Micros time = now_micros()) {
  RequestRecord out;
  out.id = "id" + std::to_string(number);
  out.time = time;
  return out;
}

std::size_t rows_in(const Database& database) {
  return std::stoul(Look::into(database)->value("select count(*) from request"));
}

class RequestLogOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
  }
};
INSTANTIATE_ON_BOTH(RequestLogOnBoth);

TEST_P(RequestLogOnBoth, KeepsEveryField) {
  RequestRecord r;
  r.id = "0123456789abcdef";
  r.time = 1'790'000'000'123'456;
  r.user = "o'hara";
  r.address = "2001:db8::1";
  r.method = "GET";
  r.route = "/api/v1/surveys/{id}";
  r.target = "/api/v1/surveys/d%20?x=:y&z=\"\n";
  r.run_id = "run 1";
  r.survey = "demo";
  r.canonical = "survey=demo&ra=1\xC3\xA4";
  r.status = 206;
  r.bytes = 5'000'000'000;
  r.total_us = 6'000'000'000;
  r.queued_us = 7;
  r.worked_us = 8;
  r.whole = false;
  r.error = "'); drop table request; --";
  const auto log = opened({.database = database(), .keep = 0});
  log->add(r);
  log->add({});
  const auto flushed = log->flush();
  EXPECT_TRUE(flushed) << flushed.error().message;
  EXPECT_EQ(log->lost(), 0U);
  EXPECT_THAT(Look::into(database())
                  ->rows("select id, time, user_name, address, method, route, target, run_id, "
                         "survey, canonical, "
                         "status, bytes, total_us, queued_us, worked_us, whole, error from request "
                         "order by time desc"),
              ElementsAre(ElementsAre(r.id, "1790000000123456", r.user, r.address, "GET", r.route,
                                      r.target, r.run_id, "demo", r.canonical, "206", "5000000000",
                                      "6000000000", "7", "8", "0", r.error),
                          ElementsAre("", "0", "", "", "", "", "", "", "", "", "0", "0", "0", "0",
                                      "0", "1", "")));
}

TEST_P(RequestLogOnBoth, WritesWithoutBeingAsked) {
  const auto log = opened({.database = database()});
  log->add(record(1));
  EXPECT_TRUE(eventually([&] { return rows_in(database()) == 1; }));
  log->add(record(2));
  EXPECT_TRUE(eventually([&] { return rows_in(database()) == 2; }));
}

TEST_P(RequestLogOnBoth, WritesWhatWaitsWhenItEnds) {
  auto log = opened({.database = database(), .waiting = 5000});
  for (int i = 0; i < 3000; ++i) log->add(record(i));
  log.reset();
  EXPECT_EQ(rows_in(database()), 3000U);
}

TEST_P(RequestLogOnBoth, TakesRecordsFromManyThreads) {
  const auto log = opened({.database = database()});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 250; ++i) log->add(record(t * 1000 + i));
      EXPECT_TRUE(log->flush());
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(rows_in(database()), 2000U);
  EXPECT_EQ(log->lost(), 0U);
}

TEST_P(RequestLogOnBoth, KeepsARecordOnce) {
  const auto log = opened({.database = database()});
  const auto one = record(1);
  log->add(one);
  log->add(one);
  log->add(record(1, one.time + 1));
  EXPECT_TRUE(log->flush());
  EXPECT_EQ(rows_in(database()), 2U);
}

TEST_P(RequestLogOnBoth, RemovesOldRecords) {
  const auto now = now_micros();
  {
    const auto log = opened({.database = database(), .keep = 0});
    for (int i = 0; i < 1300; ++i) log->add(record(i, now - 2 * kHour - i));
    for (int i = 0; i < 10; ++i) log->add(record(i, now - i));
    EXPECT_TRUE(log->flush());
  }
  { const auto log = opened({.database = database(), .keep = 0}); }
  EXPECT_EQ(rows_in(database()), 1310U);
  const auto log = opened({.database = database(), .keep = kHour});
  EXPECT_TRUE(eventually([&] { return rows_in(database()) == 10; }));
  EXPECT_EQ(Look::into(database())->value("select max(time) from request"), std::to_string(now));
  log->add(record(11));
  EXPECT_TRUE(log->flush());
  EXPECT_EQ(rows_in(database()), 11U);
}

TEST_P(RequestLogOnBoth, TakesTextThatIsNone) {
  auto r = record(1);
  r.target = std::string("/\xFF\0x", 4);
  const auto log = opened({.database = database()});
  log->add(r);
  EXPECT_TRUE(log->flush());
  EXPECT_EQ(Look::into(database())->value("select target from request"), "/??x");
}

TEST(RequestLog, OutlivesACrashOfPostgresql) {
  if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  Postgres server;
  const auto database = Database::at(server.fresh(), "");
  ASSERT_TRUE(database && migrate_database(*database));
  const auto log = opened({.database = *database});
  log->add(record(1));
  EXPECT_TRUE(log->flush());
  server.crash();
  log->add(record(2));
  server.start();
  log->add(record(3));
  const auto flushed = log->flush();
  EXPECT_TRUE(flushed) << flushed.error().message;
  EXPECT_EQ(rows_in(*database), 3U);
}

TEST(RequestLog, CountsWhatDoesNotFitItsQueue) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  testing::internal::CaptureStderr();
  {
    const auto log = opened({.database = file, .waiting = 4, .tries = 1000});
    Sqlite other(file);
    other.run("begin immediate");
    for (int i = 0; i < 100; ++i) log->add(record(i));
    // Four wait, and no more than four are being written.
    EXPECT_GE(log->lost(), 92U);
    EXPECT_LE(log->lost(), 96U);
    other.run("rollback");
    EXPECT_TRUE(log->flush());
    EXPECT_EQ(rows_in(file), 100 - log->lost());
    log->add(record(100));
    EXPECT_TRUE(log->flush());
    EXPECT_EQ(rows_in(file), 101 - log->lost());
  }
  const auto lines = testing::internal::GetCapturedStderr();
  EXPECT_THAT(lines, HasSubstr("records of requests were lost: more came than can be written"));
}

TEST(RequestLog, BoundsTheBytesThatWait) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  const auto log = opened({.database = file});
  auto large = record(1);
  large.canonical = std::string(65U << 20, 'x');
  log->add(large);
  EXPECT_EQ(log->lost(), 1U);
  log->add(record(2));
  EXPECT_TRUE(log->flush());
  EXPECT_EQ(rows_in(file), 1U);
}

TEST(RequestLog, SaysWhatCouldNotBeWrittenAndGoesOn) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  testing::internal::CaptureStderr();
  {
    const auto log = opened({.database = file, .tries = 1});
    {
      Sqlite other(file);
      other.run("begin immediate");
      log->add(record(1));
      const auto status = log->flush();
      ASSERT_FALSE(status);
      EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
      EXPECT_THAT(status.error().message, AllOf(HasSubstr(file.string()),
                                                HasSubstr("database is locked; end the program")));
      EXPECT_EQ(log->lost(), 1U);
    }
    log->add(record(2));
    EXPECT_TRUE(log->flush());
    EXPECT_EQ(log->lost(), 1U);
    EXPECT_EQ(rows_in(file), 1U);
  }
  const auto lines = testing::internal::GetCapturedStderr();
  EXPECT_THAT(lines, HasSubstr("records of requests were lost: the database " + file.string()));
  EXPECT_EQ(lines.find("lost"), lines.rfind("lost"));
}

TEST(RequestLog, EndsThoughTheDatabaseStaysLocked) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  testing::internal::CaptureStderr();
  {
    Sqlite other(file);
    auto log = opened({.database = file, .waiting = 3000, .tries = 2});
    other.run("begin immediate");
    for (int i = 0; i < 3000; ++i) log->add(record(i));
    log.reset();
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("lost"));
  EXPECT_EQ(rows_in(file), 0U);
}

/// Runs `work` in a child that never returns from it; how the child ended.
int in_a_child(const std::function<void()>& work) {
  const auto child = ::fork();
  if (child == 0) {
    work();
    ::_exit(99);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(RequestLog, SurvivesAKill) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  const int status = in_a_child([&] {
    auto log = RequestLog::open({.database = file});
    if (!log) return;
    for (int i = 0; i < 1000; ++i) (*log)->add(record(i));
    if (!(*log)->flush()) return;
    for (int i = 1000; i < 2000; ++i) (*log)->add(record(i));
    ::raise(SIGKILL);
  });
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  const auto log = opened({.database = file});
  log->add(record(2000));
  EXPECT_TRUE(log->flush());
  EXPECT_GE(rows_in(file), 1001U);
  EXPECT_EQ(Sqlite(file).value("pragma integrity_check"), "ok");
}

TEST(RequestLog, ThreadsMayOpenOneFileAtOnce) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  constexpr int kThreads = 8;
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      const auto log = opened({.database = file});
      ASSERT_TRUE(log);
      for (int i = 0; i < 50; ++i) log->add(record(t * 100 + i));
      EXPECT_TRUE(log->flush());
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(rows_in(file), kThreads * 50U);
  EXPECT_EQ(Sqlite(file).value("select count(*) from migration"),
            std::to_string(migrations().size()));
}

TEST(RequestLog, ProcessesMayOpenOneFileAtOnce) {
  const Scratch scratch;
  const auto file = scratch / "r.db";
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  std::vector<pid_t> children;
  for (int c = 0; c < 6; ++c) {
    const auto child = ::fork();
    if (child == 0) {
      ::close(gate[1]);
      char byte = 0;
      if (::read(gate[0], &byte, 1) != 0) ::_exit(1);  // until the parent closes its end
      auto log = RequestLog::open({.database = file});
      if (!log) ::_exit(2);
      for (int i = 0; i < 50; ++i) (*log)->add(record(c * 100 + i));
      ::_exit((*log)->flush() ? 0 : 3);
    }
    children.push_back(child);
  }
  ::close(gate[0]);
  ::close(gate[1]);
  for (const auto child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  EXPECT_EQ(rows_in(file), 300U);
  EXPECT_EQ(Sqlite(file).value("select count(*) from migration"),
            std::to_string(migrations().size()));
}

TEST(RequestLog, TakesOddNames) {
  const Scratch scratch;
  for (const auto* name :
       {"sub/made.db", "a  b=c d.db", ":memory:", "file:x.db?mode=ro", "dbname=y timeout=0"}) {
    const auto file = scratch / name;
    opened({.database = file})->add(record(1));
    EXPECT_EQ(rows_in(file), 1U) << name;
  }
  const auto quoted = RequestLog::open({.database = scratch / "a\"b.db"});
  ASSERT_FALSE(quoted);
  EXPECT_EQ(quoted.error().code, ErrorCode::kUsage);
  EXPECT_THAT(quoted.error().message, HasSubstr("a\"b.db has a quote in its name"));
}

TEST(RequestLog, SaysWhyAFileCannotBeOpened) {
  const Scratch scratch;
  ASSERT_TRUE(write_file(scratch / "page.html", std::string(2000, 'x')));
  fs::create_directory(scratch / "directory");
  const struct {
    fs::path file;
    ErrorCode code;
    const char* sentence;
  } cases[] = {
      {scratch / "page.html", ErrorCode::kData, "file is not a database; move it away"},
      {scratch / "directory", ErrorCode::kUnavailable, "unable to open database file; see that"},
      {scratch / "page.html/r.db", ErrorCode::kUnavailable, "cannot make the directory"},
  };
  for (const auto& c : cases) {
    const auto log = RequestLog::open({.database = c.file});
    ASSERT_FALSE(log) << c.file;
    EXPECT_EQ(log.error().code, c.code) << log.error().message;
    EXPECT_THAT(log.error().message, HasSubstr(c.sentence)) << c.file;
  }
}

}  // namespace
}  // namespace recorte::db
