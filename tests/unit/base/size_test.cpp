// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/size.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace recorte {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(ParseSize, TakesUnitsAndBytes) {
  EXPECT_EQ(parse_size("64KiB"), 65'536);
  EXPECT_EQ(parse_size("512MiB"), 512LL << 20);
  EXPECT_EQ(parse_size("2GiB"), 2LL << 30);
  EXPECT_EQ(parse_size("3TiB"), 3LL << 40);
  EXPECT_EQ(parse_size("4096"), 4096);
  EXPECT_EQ(parse_size("4096B"), 4096);
  EXPECT_EQ(parse_size("0"), 0);
  EXPECT_EQ(parse_size(" 2 gib "), 2LL << 30);
  EXPECT_EQ(parse_size("1.5GiB"), 3LL << 29);
  EXPECT_EQ(parse_size("9223372036854775807"), kMost);
  EXPECT_EQ(parse_size("9007199254740993"), 9007199254740993);  // no double holds it
}

TEST(ParseSize, RefusesTheRest) {
  for (const auto* text : {"",           " ",
                           "GiB",        "-1",
                           "+1",         "2GB",
                           "2KB",        "2G",
                           "2Gibs",      "1..5GiB",
                           ".",          "1e3",
                           "0x10",       "nan",
                           "inf",        "1 2KiB",
                           "2GiB1",      "9223372036854775808",
                           "9000000TiB", "8388608.0TiB",
                           "1,5GiB"}) {
    const auto size = parse_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().code, ErrorCode::kUsage);
    EXPECT_THAT(size.error().message, HasSubstr("'" + std::string(text) + "' is not a size"));
    EXPECT_THAT(size.error().message, HasSubstr("512MiB"));
  }
}

TEST(SizeText, ReadsBackToTheSameSize) {
  EXPECT_EQ(size_text(0), "0");
  EXPECT_EQ(size_text(1000), "1000");
  EXPECT_EQ(size_text(1024), "1KiB");
  EXPECT_EQ(size_text(2LL << 30), "2GiB");
  EXPECT_EQ(size_text(3LL << 29), "1536MiB");
  EXPECT_EQ(size_text(1LL << 50), "1024TiB");
  for (std::int64_t size = 1; size < kMost / 7; size = size * 7 + 1)
    EXPECT_EQ(parse_size(size_text(size)), size);
  EXPECT_EQ(parse_size(size_text(kMost)), kMost);
}

}  // namespace
}  // namespace recorte
