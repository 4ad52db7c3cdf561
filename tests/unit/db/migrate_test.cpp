// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/migrate.hpp"

#include "core/db/session.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>
#include <soci/soci.h>

#include <chrono>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Migration kFirst{1, "first", "aaa",
                           "-- A comment; with 'marks.\n"
                           "create table a (t text);\ninsert into a values ('x;--y:z');\n"};
constexpr Migration kSecond{2, "second", "bbb", "create table b (t text)"};
constexpr Migration kThird{3, "third", "ccc", "create index b_t on b (t);"};

Status bring(const std::filesystem::path& file, const std::vector<Migration>& known) {
  auto session = open_session(file, 10s);
  if (!session) return fail(session.error());
  return migrate(**session, file, known);
}

void expect_refused(const Status& status, const std::filesystem::path& file, const char* sentence) {
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kData);
  EXPECT_THAT(status.error().message, AllOf(HasSubstr(file.string()), HasSubstr(sentence)));
}

TEST(SplitStatements, EndsThemAtSemicolonsOutsideOfTexts) {
  EXPECT_THAT(split_statements("create table a (t text);\n\n insert into a values (1) ;select 2"),
              ElementsAre("create table a (t text)", "insert into a values (1)", "select 2"));
  EXPECT_THAT(split_statements("select ';--''', \"a;b\"; -- no; 'more\nselect 1 -- end"),
              ElementsAre("select ';--''', \"a;b\"", "select 1"));
  EXPECT_THAT(split_statements("select 'open;"), ElementsAre("select 'open;"));
  EXPECT_THAT(split_statements(" ;; -- nothing\n;"), IsEmpty());
}

TEST(Migrate, AppliesWhatIsLackingInOrderAndOnce) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  EXPECT_TRUE(bring(file, {kFirst, kSecond}));
  EXPECT_TRUE(bring(file, {kFirst, kSecond}));
  EXPECT_TRUE(bring(file, {kFirst, kSecond, kThird}));
  Sqlite look(file);
  EXPECT_THAT(look.rows("select number, name, checksum from migration order by applied, number"),
              ElementsAre(ElementsAre("1", "first", "aaa"), ElementsAre("2", "second", "bbb"),
                          ElementsAre("3", "third", "ccc")));
  EXPECT_THAT(look.rows("select t from a"), ElementsAre(ElementsAre("x;--y:z")));
  EXPECT_EQ(look.value("select count(*) from sqlite_master where name = 'b_t'"), "1");
  EXPECT_GT(std::stoll(look.value("select min(applied) from migration")), 1'700'000'000'000'000);
}

TEST(Migrate, LeavesNothingOfOneThatFails) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  const Migration broken{2, "second", "bbb", "create table b (t text); create table a (t text);"};
  expect_refused(bring(file, {kFirst, broken}), file,
                 "cannot take the migration 2 'second' (table a already exists); move it away");
  EXPECT_EQ(Sqlite(file).value("select count(*) from sqlite_master where name = 'b'"), "0");
  EXPECT_EQ(Sqlite(file).value("select max(number) from migration"), "1");
  EXPECT_TRUE(bring(file, {kFirst, kSecond}));
}

TEST(Migrate, RefusesWhatANewerProgramWrote) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  ASSERT_TRUE(bring(file, {kFirst, kSecond, kThird}));
  expect_refused(bring(file, {kFirst, kSecond}), file,
                 "has the migration 3 'third', which this program does not know; use a program at "
                 "least as new");
  EXPECT_TRUE(bring(file, {kFirst, kSecond, kThird}));
}

TEST(Migrate, RefusesAnotherMigrationOfTheSameNumber) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  ASSERT_TRUE(bring(file, {kFirst}));
  const Migration changed{1, "first", "aab", kFirst.sql};
  expect_refused(bring(file, {changed, kSecond}), file,
                 "has the migration 1 'first' where this program has the migration 1 'first' of "
                 "other contents; use the program that wrote it");
  EXPECT_EQ(Sqlite(file).value("select count(*) from migration"), "1");
}

TEST(Migrate, RefusesAGap) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  ASSERT_TRUE(bring(file, {kFirst, kSecond}));
  Sqlite(file).run("delete from migration where number = 1");
  expect_refused(bring(file, {kFirst, kSecond}), file, "has the migration 2 'second' where");
}

TEST(Migrate, RefusesTheDatabaseOfSomethingElse) {
  const Scratch scratch;
  const auto tables = scratch / "tables.db";
  Sqlite(tables).run("create table request (x text)");
  expect_refused(bring(tables, {migrations().begin(), migrations().end()}), tables,
                 "cannot take the migration 1 'request' (table request already exists)");
  const auto migrated = scratch / "migrated.db";
  Sqlite(migrated).run("create table migration (version text)");
  expect_refused(bring(migrated, {kFirst}), migrated,
                 "has a table 'migration' that is not this program's");
}

TEST(Migrate, SaysWhichProgramIsInTheWay) {
  const Scratch scratch;
  const auto file = scratch / "x.db";
  ASSERT_TRUE(bring(file, {kFirst}));
  Sqlite other(file);
  other.run("begin immediate");
  auto session = open_session(file, 50ms);
  ASSERT_TRUE(session) << session.error().message;
  const auto status = migrate(**session, file, {{kFirst, kSecond}});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr(file.string() + ": database is locked"));
}

TEST(Migrations, AreNumberedFromOneWithTheirChecksums) {
  int number = 0;
  for (const auto& migration : migrations()) {
    EXPECT_EQ(migration.number, ++number);
    EXPECT_EQ(migration.checksum.size(), 64U);
    EXPECT_THAT(split_statements(migration.sql), testing::Not(IsEmpty()));
  }
  ASSERT_GT(number, 0);
  EXPECT_EQ(migrations()[0].name, "request");
}

}  // namespace
}  // namespace recorte::db
