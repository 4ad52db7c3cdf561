// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/sessions.hpp"

#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <utility>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class SessionsOnBoth : public OnBoth {};
INSTANTIATE_ON_BOTH(SessionsOnBoth);

TEST_P(SessionsOnBoth, UndoWhatEndsWithAnError) {
  Sessions sessions(database(), {});
  Look::into(database())->run("create table t (n integer)");
  const auto status = sessions.write([](soci::session& session, bool) -> Status {
    session << "insert into t values (1)";
    return fail(ErrorCode::kUsage, "no");
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "no");
  EXPECT_THROW((void)sessions.write([](soci::session& session, bool) -> Status {
    session << "insert into t values (1)";
    throw std::runtime_error("a bug");
  }),
               std::runtime_error);
  EXPECT_TRUE(sessions.write([](soci::session& session, bool) -> Status {
    session << "insert into t values (2)";
    return {};
  }));
  EXPECT_EQ(Look::into(database())->value("select sum(n) from t"), "2");
}

TEST_P(SessionsOnBoth, DoNotTryAgainWhatIsWrong) {
  Sessions sessions(database(), {});
  int tries = 0;
  const auto status = sessions.read([&](soci::session& session) -> Status {
    ++tries;
    session << "select 's3cret' from nowhere";
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInternal);
  EXPECT_THAT(status.error().message,
              AllOf(HasSubstr(database().name()), HasSubstr("nowhere"),
                    testing::Not(HasSubstr("s3cret")), testing::Not(HasSubstr("\n"))));
  EXPECT_EQ(tries, 1);
}

TEST(Sessions, TryASerializationFailureAgain) {
  if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  const auto database = Database::at(Postgres::shared().fresh(), "");
  ASSERT_TRUE(database);
  const auto look = Look::into(*database);
  look->run("create table t (n integer); insert into t values (1), (2)");
  Sessions sessions(*database, {});
  std::latch both_have_read(2);
  std::atomic<int> tries = 0;
  const auto add_the_sum = [&] {
    bool first = true;
    const auto status = sessions.write([&](soci::session& session, bool) -> Status {
      ++tries;
      session << "set transaction isolation level serializable";
      int sum = 0;
      session << "select sum(n) from t", soci::into(sum);
      if (std::exchange(first, false)) both_have_read.arrive_and_wait();
      session << "insert into t values (:sum)", soci::use(sum);
      return {};
    });
    EXPECT_TRUE(status) << status.error().message;
  };
  std::thread other(add_the_sum);
  add_the_sum();
  other.join();
  EXPECT_GE(tries, 3);
  EXPECT_EQ(look->value("select sum(n) from t"), "12");  // 3, then 6: one after the other
}

TEST(Sessions, WaitForALockNoLongerThanTheyMay) {
  const Scratch scratch;
  Sqlite other(scratch / "x.db");
  other.run("pragma journal_mode = wal; create table t (n integer); begin immediate");
  Sessions sessions(scratch / "x.db", {.patience = 100ms});
  const auto insert = [](soci::session& session, bool) -> Status {
    session << "insert into t values (1)";
    return {};
  };
  const auto status = sessions.write(insert);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr("database is locked; end the program"));
  other.run("rollback");
  EXPECT_TRUE(sessions.write(insert));
}

TEST(Sessions, SayThatThereIsNoRoomAndGoOnWhenThereIs) {
  const Scratch scratch;
  Sessions sessions(scratch / "x.db", {.most = 1});
  ASSERT_TRUE(sessions.write([](soci::session& session, bool) -> Status {
    session << "create table t (x text)";
    return {};
  }));
  const auto fill = [](soci::session& session, bool) -> Status {
    session << "insert into t select zeroblob(1000000)";
    return {};
  };
  ASSERT_TRUE(sessions.read([](soci::session& session) -> Status {
    session << "pragma max_page_count = 10";  // of this connection, until it is dropped
    return {};
  }));
  const auto status = sessions.write(fill);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr("database or disk is full; make room"));
  EXPECT_TRUE(sessions.write(fill));
}

}  // namespace
}  // namespace recorte::db
