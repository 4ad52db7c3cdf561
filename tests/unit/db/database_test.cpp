// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/database.hpp"

#include "core/db/migrate.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Database, IsAFileInTheDataDirectoryWhereNothingIsSaid) {
  const auto database = Database::at("", "/data");
  ASSERT_TRUE(database);
  EXPECT_TRUE(database->embedded());
  EXPECT_EQ(database->file(), "/data/recorte.sqlite");
  EXPECT_EQ(Database::at("sqlite:/else/x.db", "/data")->file(), "/else/x.db");
}

TEST(Database, NeverSaysItsPassword) {
  const auto database =
      Database::at("postgresql://ann:s3cret@db.example.org:5433/sky?sslmode=require", "");
  ASSERT_TRUE(database);
  EXPECT_FALSE(database->embedded());
  EXPECT_EQ(database->name(), "postgresql://ann@db.example.org:5433/sky");
  EXPECT_THAT(database->connection(), AllOf(HasSubstr("s3cret"), HasSubstr("sslmode=require&")));
  EXPECT_EQ(Database::at("postgresql://%2Frun%2Fpg/sky?password=s3cret", "")->name(),
            "postgresql:///sky?host=/run/pg");
}

TEST(Database, RefusesWhatIsNoUrlWithoutQuotingIt) {
  for (const auto* url : {"s3cret", "mysql://a:s3cret@b/c", "postgresql://a:s3cret%zz@b/c",
                          "postgresql://a@b:s3cret/c?connect_timeout",
                          "postgresql://a@b/c?s3cret=1", "postgresql://a:s3cret @b/c", "sqlite:"}) {
    const auto database = Database::at(url, "");
    ASSERT_FALSE(database) << url;
    EXPECT_EQ(database.error().code, ErrorCode::kUsage);
    EXPECT_THAT(database.error().message, AllOf(HasSubstr("URL"), Not(HasSubstr("s3cret"))));
  }
}

TEST(Database, ThatCannotBeReachedIsNamedWithTheReason) {
  const auto database = Database::at("postgresql://ann:s3cret@%2Fnowhere/sky", "");
  ASSERT_TRUE(database);
  const auto status = open_schema(*database, 1s);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message,
              AllOf(HasSubstr("the database postgresql://ann@/sky?host=/nowhere cannot be reached"),
                    HasSubstr("/nowhere/.s.PGSQL.5432"), Not(HasSubstr("s3cret"))));
}

TEST(Database, GivesPostgresqlWhatItsUrlSays) {
  if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  auto& server = Postgres::shared();
  const auto url = server.fresh("?options=-c%20search_path%3Dother&application_name=a%3Db");
  const auto database = Database::at(url, "");
  ASSERT_TRUE(database);
  const auto look = Look::into(*database);
  look->run("create schema other");
  EXPECT_THAT(open_schema(*database, 1s).error().message, HasSubstr("has the schema 0"));
  EXPECT_EQ(look->value("show application_name"), "a=b");
  look->run("create table other.migration (number integer, name text, checksum text)");
  look->run("insert into migration values (7, 'seven', 'x')");
  EXPECT_THAT(open_schema(*database, 1s).error().message, HasSubstr("migration 7 'seven'"));
}

}  // namespace
}  // namespace recorte::db
