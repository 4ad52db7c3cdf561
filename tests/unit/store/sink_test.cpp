// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/sink.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace recorte::store {
namespace {

std::string_view text_of(const store::Content& content) {
  return {reinterpret_cast<const char*>(content.memory().data()), content.memory().size()};
}

TEST(Sink, InMemoryIsReadWhereItLiesAndUsedAgain) {
  auto sink = Sink::in_memory();
  ASSERT_TRUE(sink);
  for (const std::string_view text : {"first", "again"}) {
    ASSERT_TRUE(sink->rewind());
    ASSERT_EQ(::write(sink->descriptor(), text.data(), text.size()), 5);
    EXPECT_EQ(text_of(sink->content(0, 5)), text);
  }
  const auto moved = std::move(*sink);
  EXPECT_EQ(text_of(moved.content(2, 3)), "ain");
}

TEST(Sink, InMemoryNeitherShrinksNorGrows) {
  const auto sink = Sink::in_memory();
  ASSERT_TRUE(sink);
  EXPECT_EQ(::ftruncate(sink->descriptor(), 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(::pwrite(sink->descriptor(), "ab", 2, Sink::kMemory), -1);
  EXPECT_EQ(::lseek(sink->descriptor(), 0, SEEK_END), Sink::kMemory);
}

TEST(Sink, OnDiskIsEmptiedEachTime) {
  auto sink = Sink::on_disk(testing::TempDir());
  ASSERT_TRUE(sink);
  ASSERT_EQ(::write(sink->descriptor(), "text", 4), 4);
  EXPECT_FALSE(sink->is_bounded());
  const auto content = sink->content(1, 2);
  EXPECT_FALSE(content.in_memory());
  EXPECT_EQ(content.offset(), 1);
  EXPECT_EQ(content.size(), 2);
  ASSERT_TRUE(sink->rewind());
  EXPECT_EQ(::lseek(sink->descriptor(), 0, SEEK_END), 0);
}

}  // namespace
}  // namespace recorte::store
