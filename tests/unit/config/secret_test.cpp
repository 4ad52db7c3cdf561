// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/secret.hpp"

#include "core/base/io.hpp"
#include "core/config/settings.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

namespace recorte::config {
namespace {

using testing::HasSubstr;

TEST(Secret, IsWhatTheEnvironmentHas) {
  const Secret secret{Secret::From::kEnvironment, "RECORTE_TEST_SECRET"};
  ::unsetenv("RECORTE_TEST_SECRET");
  const auto missing = read_secret(secret);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("RECORTE_TEST_SECRET"));
  ::setenv("RECORTE_TEST_SECRET", "", 1);
  EXPECT_FALSE(read_secret(secret));
  ::setenv("RECORTE_TEST_SECRET", " s3 ", 1);
  EXPECT_EQ(read_secret(secret).value(), " s3 ");
  ::unsetenv("RECORTE_TEST_SECRET");
}

TEST(Secret, IsWhatAFileHasWithoutItsLastLineEnd) {
  const auto path = std::filesystem::path(testing::TempDir()) / "secret_test";
  std::filesystem::remove(path);
  const Secret secret{Secret::From::kFile, path.string()};
  const auto missing = read_secret(secret);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUsage);
  EXPECT_THAT(missing.error().message, HasSubstr(path.string()));
  for (const auto* text : {"a b\n", "a b\r\n", "a b"}) {
    ASSERT_TRUE(write_file(path, text));
    EXPECT_EQ(read_secret(secret).value(), "a b");
  }
  ASSERT_TRUE(write_file(path, "\n"));
  EXPECT_FALSE(read_secret(secret));
  std::filesystem::remove(path);
}

TEST(Secret, IsInAPlaceOfTheServersOwn) {
  const auto directory = std::filesystem::path(testing::TempDir());
  const auto file = directory / "own.toml";
  ASSERT_TRUE(write_file(directory / "url", "postgresql://a:b@c/d"));
  ASSERT_TRUE(write_file(file, "data = \"d\"\n[mail]\npassword = { file = \"mail\" }\n"));
  EXPECT_THAT(own_places(read_settings(file).value()),
              testing::UnorderedElementsAre(directory / "mail", directory / "d/auth.key",
                                            directory / "d/jobs", directory / "d/recorte.sqlite",
                                            directory / "d/recorte.sqlite-wal",
                                            directory / "d/recorte.sqlite-shm"));
  ASSERT_TRUE(write_file(file, "data = \"d\"\n[database]\nurl = { file = \"url\" }\n"));
  EXPECT_THAT(own_places(read_settings(file).value()),
              testing::UnorderedElementsAre(directory / "url", directory / "d/auth.key",
                                            directory / "d/jobs"));
}

TEST(Secret, IsNothingWhereNoneIsGiven) { EXPECT_EQ(read_secret({}).value(), ""); }

}  // namespace
}  // namespace recorte::config
