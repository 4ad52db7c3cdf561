// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/sums.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace recorte::bundle {
namespace {

using testing::HasSubstr;

const std::string kDigits(64, 'a');

TEST(Sums, AreWrittenAsTheyAreRead) {
  const Sums sums{{"des.so", kDigits}, {"docs/more.md", std::string(64, '0')}};
  EXPECT_EQ(sums_text(sums), kDigits + "  des.so\n" + std::string(64, '0') + "  docs/more.md\n");
  EXPECT_EQ(*parse_sums(sums_text(sums)), sums);
  EXPECT_TRUE(parse_sums("")->empty());
}

TEST(Sums, NameTheLineThatIsNone) {
  const auto good = kDigits + "  a.so\n";
  for (const auto& bad : {std::string("x\n"), kDigits + "  b", kDigits + " *b\n", kDigits + "  \n",
                          good, std::string(64, 'A') + "  b\n", kDigits + "  SHA256SUMS\n",
                          kDigits + "  SHA256SUMS.sig\n"}) {
    const auto sums = parse_sums(good + bad);
    ASSERT_FALSE(sums) << bad;
    EXPECT_THAT(sums.error().message, HasSubstr("line 2"));
  }
  std::string many;
  for (std::size_t i = 0; i <= kMostMembers; ++i)
    many += kDigits + "  f" + std::to_string(i) + "\n";
  EXPECT_FALSE(parse_sums(many));
}

TEST(MemberName, LeadsNowhereElse) {
  for (const auto* good : {"a", "README.md", "docs/a/b_c-d+e@f.png", "a..b"})
    EXPECT_TRUE(check_member_name(good)) << good;
  for (const auto* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.b", ".a",
                          "a\\b", "a b", "a\nb", "C:a", "\xC3\xA9"})
    EXPECT_FALSE(check_member_name(bad)) << bad;
  EXPECT_TRUE(check_member_name(std::string(kLongestName, 'a')));
  EXPECT_FALSE(check_member_name(std::string(kLongestName + 1, 'a')));
  EXPECT_FALSE(check_member_name(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace recorte::bundle
