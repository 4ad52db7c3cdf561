// SPDX-License-Identifier: BSD-3-Clause
//
// Schemas older and newer than the program, on both databases.
#include "core/db/job_store.hpp"
#include "core/db/migrate.hpp"
#include "core/db/request_log.hpp"
#include "core/db/session.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>

#include <chrono>
#include <latch>
#include <thread>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Migration kFirst{1, "first", "aaa", "create table a (t text)"};
constexpr Migration kSecond{2, "second", "bbb", "create table b (t text)", 1};
constexpr Migration kThird{3, "third", "ccc", "drop table a", 2};

class SchemaOnBoth : public OnBoth {
 protected:
  Status bring(const std::vector<Migration>& known) {
    auto session = open_session(database(), 10s);
    if (!session) return fail(session.error());
    return migrate(**session, database(), known);
  }
  Status check(const std::vector<Migration>& known, int oldest) {
    auto session = open_session(database(), 10s);
    if (!session) return fail(session.error());
    return check_schema(read_schema(**session), database(), known, oldest);
  }
  void expect_refused(const Status& status, ErrorCode code, const std::string& sentence) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, code);
    EXPECT_THAT(status.error().message, AllOf(HasSubstr(database().name()), HasSubstr(sentence)));
  }
};
INSTANTIATE_ON_BOTH(SchemaOnBoth);

TEST_P(SchemaOnBoth, GoesForwardInOrderAndOnce) {
  EXPECT_TRUE(bring({kFirst}));
  EXPECT_TRUE(bring({kFirst, kSecond}));
  EXPECT_TRUE(bring({kFirst, kSecond}));
  const auto look = Look::into(database());
  EXPECT_THAT(look->rows("select number, name, checksum from migration order by number"),
              ElementsAre(ElementsAre("1", "first", "aaa"), ElementsAre("2", "second", "bbb")));
  EXPECT_EQ(look->value("select count(*) from b"), "0");
}

TEST_P(SchemaOnBoth, OfANewerProgramIsTakenWhereItSaysSo) {
  ASSERT_TRUE(bring({kFirst, kSecond}));
  EXPECT_TRUE(check({kFirst}, 1));
  EXPECT_TRUE(bring({kFirst}));
  ASSERT_TRUE(bring({kFirst, kSecond, kThird}));
  EXPECT_TRUE(check({kFirst, kSecond}, 1));
  expect_refused(check({kFirst}, 1), ErrorCode::kData,
                 "has the migration 3 'third', which this program does not know; use a program at "
                 "least as new");
}

TEST_P(SchemaOnBoth, OfAnOlderProgramIsTakenWhereTheProgramSaysSo) {
  ASSERT_TRUE(bring({kFirst}));
  EXPECT_TRUE(check({kFirst, kSecond}, 1));
  expect_refused(check({kFirst, kSecond}, 2), ErrorCode::kUnavailable,
                 "has the schema 1, and this program needs 2 or newer; run `recorte db migrate`");
}

TEST_P(SchemaOnBoth, ThatWasTamperedWithIsRefused) {
  ASSERT_TRUE(bring({kFirst, kSecond}));
  Look::into(database())->run("update migration set checksum = 'aab' where number = 1");
  const auto* sentence =
      "has the migration 1 'first' where this program has the migration 1 "
      "'first' of other contents";
  expect_refused(bring({kFirst, kSecond}), ErrorCode::kData, sentence);
  expect_refused(check({kFirst, kSecond}, 1), ErrorCode::kData, sentence);
}

TEST_P(SchemaOnBoth, LeavesNothingOfAMigrationThatFails) {
  const Migration broken{2, "second", "bbb", "create table b (t text); create table a (t text)"};
  ASSERT_TRUE(bring({kFirst}));
  expect_refused(bring({kFirst, broken}), ErrorCode::kData,
                 "already exists); move it away, or use another");
  EXPECT_TRUE(bring({kFirst, kSecond}));
}

TEST_P(SchemaOnBoth, IsMadeOnceByManyAtOnce) {
  constexpr int kThreads = 6;
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const auto status = bring({migrations().begin(), migrations().end()});
      EXPECT_TRUE(status) << status.error().message;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Look::into(database())->value("select count(*) from migration"),
            std::to_string(migrations().size()));
}

TEST_P(SchemaOnBoth, IsMadeByTheServerOnlyWhereItIsEmbedded) {
  const auto store = JobStore::open({.database = database()});
  const auto log = RequestLog::open({.database = database()});
  if (!postgresql()) {
    EXPECT_TRUE(store) << store.error().message;
    EXPECT_TRUE(log) << log.error().message;
    return;
  }
  ASSERT_FALSE(store || log);
  EXPECT_THAT(store.error().message, HasSubstr("run `recorte db migrate`"));
  EXPECT_THAT(log.error().message, HasSubstr("run `recorte db migrate`"));
  EXPECT_EQ(Look::into(database())
                ->value("select count(*) from pg_tables where schemaname = "
                        "'public'"),
            "0");
}

}  // namespace
}  // namespace recorte::db
