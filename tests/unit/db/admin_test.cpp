// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/admin.hpp"

#include "core/base/calendar.hpp"
#include "core/base/io.hpp"
#include "core/db/copies.hpp"
#include "core/db/migrate.hpp"
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <set>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

class AdminOnBoth : public JobsOnBoth {
 protected:
  void expect_refused(const Status& status, ErrorCode code, const char* sentence) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, code);
    EXPECT_THAT(status.error().message, HasSubstr(sentence));
  }
};
INSTANTIATE_ON_BOTH(AdminOnBoth);

TEST_P(AdminOnBoth, TheSchemaIsSaid) {
  const auto empty = another();
  std::vector<std::string> ours;
  for (const auto& each : migrations())
    ours.push_back(std::to_string(each.number) + " " + std::string(each.name));
  ASSERT_EQ(ours.at(0), "1 request");
  const auto known = std::to_string(ours.size()), next = std::to_string(ours.size() + 1);
  if (postgresql()) {
    const auto before = schema_status(empty);
    ASSERT_TRUE(before) << before.error().message;
    EXPECT_THAT(before->applied, IsEmpty());
    EXPECT_THAT(before->lacking, ElementsAreArray(ours));
    expect_refused(before->usable, ErrorCode::kUnavailable, "run `recorte db migrate`");
  } else {
    EXPECT_EQ(schema_status(empty).error().code, ErrorCode::kNotFound);
    EXPECT_FALSE(std::filesystem::exists(empty.file()));
  }
  Look::into(database())->run("insert into migration values (" + next + ", 'new', 'x', 1)");
  const auto newer = schema_status(database());
  ASSERT_TRUE(newer) << newer.error().message;
  EXPECT_THAT(newer->applied, ElementsAreArray(ours));
  EXPECT_THAT(newer->unknown, ElementsAre(next + " new"));
  expect_refused(newer->usable, ErrorCode::kData, "does not know");
  Look::into(database())->run("insert into migration_reach values (" + next + ", " + known + ")");
  EXPECT_TRUE(schema_status(database())->usable);
}

TEST_P(AdminOnBoth, EveryTableIsInACopy) {
  const auto look = Look::into(database());
  std::set<std::string> there;
  for (const auto& row :
       look->rows(postgresql() ? "select tablename from pg_tables where schemaname = "
                                 "'public'"
                               : "select name from sqlite_master where type = 'table'"))
    there.insert(row[0]);
  EXPECT_EQ(there, std::set<std::string>(tables().begin(), tables().end()));
}

TEST_P(AdminOnBoth, ACopyIsPutBack) {
  add("kept", Phase::kCompleted);
  ASSERT_TRUE(store_->add_tasks("kept", tasks_of(5)));
  const auto copy = scratch_ / "copy";
  const auto made = backup(database(), copy);
  ASSERT_TRUE(made) << made.error().message;
  expect_refused(backup(database(), copy), ErrorCode::kUsage, "exists; write the copy to another");
  add("later");
  expect_refused(restore(database(), copy, false), ErrorCode::kUsage, "--replace");
  EXPECT_TRUE(store_->find("later"));
  if (!postgresql()) {
    expect_refused(restore(database(), copy, true), ErrorCode::kUnavailable,
                   "is in use; end the server first");
    EXPECT_TRUE(store_->find("later"));
  }
  store_.reset();
  const auto restored = restore(database(), copy, true);
  ASSERT_TRUE(restored) << restored.error().message;
  store_ = open();
  EXPECT_EQ(store_->tasks("kept")->size(), 5U);
  EXPECT_FALSE(store_->find("later"));
  add("after");
  const auto elsewhere = another();
  const auto moved = restore(elsewhere, copy, false);
  ASSERT_TRUE(moved) << moved.error().message;
  EXPECT_THAT(ids(open(elsewhere)->list({})), ElementsAre("kept"));
}

TEST_P(AdminOnBoth, WhatIsNoCopyChangesNothing) {
  add("kept");
  store_.reset();
  const auto bad = scratch_ / "bad";
  ASSERT_TRUE(write_file(bad, std::string(5000, 'x')));
  EXPECT_FALSE(restore(database(), bad, true));
  EXPECT_EQ(restore(database(), scratch_ / "none", true).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(open()->find("kept"));
}

TEST(Backup, OfSqliteThatIsDamagedIsRefused) {
  const Scratch scratch;
  ASSERT_TRUE(migrate_database(scratch / "r.db"));
  ASSERT_TRUE(backup(scratch / "r.db", scratch / "copy"));
  Sqlite(scratch / "copy").run("update migration set checksum = 'x' where number = 2");
  const auto restored = restore(scratch / "other.db", scratch / "copy", false);
  ASSERT_FALSE(restored);
  EXPECT_THAT(restored.error().message, HasSubstr("of other contents"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "other.db"));
}

TEST(Backup, OfPostgresqlNeedsItsProgram) {
  if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  const Scratch scratch;
  const auto database = Database::at(Postgres::shared().fresh(), "");
  ASSERT_TRUE(migrate_database(*database));
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto made = backup(*database, scratch / "copy");
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "pg_dump is not installed; on Debian it is in postgresql-client");
  EXPECT_FALSE(std::filesystem::exists(scratch / "copy"));
}

TEST_P(AdminOnBoth, OldRecordsArePruned) {
  for (int i = 0; i < 600; ++i) add("old" + std::to_string(i), Phase::kArchived);
  ASSERT_TRUE(store_->add_tasks("old0", tasks_of(3)));
  add("live", Phase::kCompleted);
  const auto limit = add("young", Phase::kArchived).created;
  Look::into(database())
      ->run(
          "insert into request select 'r', " + std::to_string(limit - 1) +
          ", '', '', '', '', '', '', '', '', 0, 0, 0, 0, 0, 1, '', ''; insert into request select "
          "'s', " +
          std::to_string(limit) + ", '', '', '', '', '', '', '', '', 0, 0, 0, 0, 0, 1, '', ''");
  const auto today = day_of(now_micros());
  for (const auto day :
       {today, month_begin(month_begin(today) - 1), month_begin(month_begin(today) - 1) - 1})
    Look::into(database())
        ->run("insert into ledger values ('ann', " + std::to_string(day) + ", 1, 1)");
  const auto pruned = prune(database(), limit);
  ASSERT_TRUE(pruned) << pruned.error().message;
  EXPECT_EQ(pruned->days, 0) << "younger than that";
  EXPECT_EQ(pruned->jobs, 600);
  EXPECT_EQ(pruned->requests, 1);
  job::Filter all;
  all.phases = {Phase::kArchived, Phase::kCompleted};
  EXPECT_THAT(ids(store_->list(all)), ElementsAre("young", "live"));
  EXPECT_EQ(Look::into(database())->value("select count(*) from task"), "0");
  EXPECT_EQ(prune(database(), now_micros())->days, 1) << "none that quotas may count";
}

}  // namespace
}  // namespace recorte::db
