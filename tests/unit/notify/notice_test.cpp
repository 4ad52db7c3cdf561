// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/notice.hpp"

#include <gmock/gmock.h>

namespace recorte::notify {
namespace {

namespace fs = std::filesystem;

class NoticeTest : public testing::Test {
 protected:
  NoticeTest() { fs::create_directories(directory_); }
  ~NoticeTest() override { fs::remove_all(directory_); }
  const fs::path directory_ = fs::path(testing::TempDir()) / "notice_test";
  const fs::path file_ = directory_ / "notice";
};

TEST_F(NoticeTest, ComesBackAsItWas) {
  Notice notice;
  notice.id = "abc-0";
  notice.job = {{"id", "abc"}};
  notice.to = {{"a@b.org", 0, 0}, {"https://c.org", 3, 1'795'898'637'000'000}};
  ASSERT_TRUE(write_notice(file_, notice));
  const auto back = read_notice(file_);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->id, notice.id);
  EXPECT_EQ(back->job, notice.job);
  ASSERT_EQ(back->to.size(), 2U);
  EXPECT_EQ(back->to[1].whom, "https://c.org");
  EXPECT_EQ(back->to[1].attempts, 3);
  EXPECT_EQ(back->to[1].next, 1'795'898'637'000'000);
  EXPECT_EQ(back->next(), 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1) << "something is left";
}

TEST_F(NoticeTest, WhatIsNoneIsNamed) {
  EXPECT_EQ(read_notice(file_).error().code, ErrorCode::kNotFound);
  for (const auto* text : {"", "{", "[]", R"({"id": 1, "job": {}, "to": []})",
                           R"({"id": "a", "job": {}, "to": [{"whom": "b"}]})"}) {
    ASSERT_TRUE(write_file(file_, text));
    const auto notice = read_notice(file_);
    ASSERT_FALSE(notice) << text;
    EXPECT_EQ(notice.error().code, ErrorCode::kData);
    EXPECT_THAT(notice.error().message, testing::HasSubstr(file_.string()));
  }
}

TEST_F(NoticeTest, ADirectoryIsHeldByOne) {
  EXPECT_EQ(hold_directory(directory_ / "none").error().code, ErrorCode::kNotFound);
  {
    const auto held = hold_directory(directory_);
    ASSERT_TRUE(held && *held);
    const auto second = hold_directory(directory_);
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
  }
  const auto again = hold_directory(directory_);
  EXPECT_TRUE(again && *again);
}

}  // namespace
}  // namespace recorte::notify
