// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/version.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace recorte::plugin {
namespace {

using testing::HasSubstr;

TEST(Version, IsThreeNumbers) {
  EXPECT_EQ(parse_version("1.20.3"), (Version{1, 20, 3}));
  for (const auto* text : {"", "1", "1.2", "1.2.3.4", "1.2.x", "1..3", "v1.2.3", "1.2. 3", "-1.2.3",
                           "1.2.3-rc1", "1.2.99999999999"})
    EXPECT_FALSE(parse_version(text)) << text;
}

TEST(Version, ComparesNumbersAndNotText) {
  EXPECT_LT(*parse_version("1.9.0"), *parse_version("1.10.0"));
  EXPECT_LT(*parse_version("9.0.0"), *parse_version("10.0.0"));
}

TEST(VersionRange, HoldsWhatItSays) {
  struct Case {
    const char* range;
    std::vector<std::string> inside, outside;
  };
  const std::vector<Case> cases{
      {">=1.2,<2", {"1.2.0", "1.2.1", "1.10.0", "1.99.99"}, {"1.1.9", "2.0.0", "0.9.0"}},
      {">1.2", {"1.3.0", "2.0.0"}, {"1.2.0", "1.2.99"}},
      {">1.2.3", {"1.2.4"}, {"1.2.3"}},
      {"<=1.2", {"0.0.1", "1.2.99"}, {"1.3.0"}},
      {"<=1.2.3", {"1.2.3"}, {"1.2.4"}},
      {"<2", {"1.99.0"}, {"2.0.0"}},
      {"1", {"1.0.0", "1.9.9"}, {"0.9.9", "2.0.0"}},
      {"=1.2", {"1.2.0", "1.2.9"}, {"1.3.0", "1.1.9"}},
      {"==1.2.3", {"1.2.3"}, {"1.2.2", "1.2.4"}},
      {" >= 1.2 , < 2 ", {"1.2.0"}, {"2.0.0"}},
  };
  for (const auto& c : cases) {
    const auto range = VersionRange::parse(c.range);
    ASSERT_TRUE(range) << c.range << ": " << range.error().message;
    for (const auto& text : c.inside)
      EXPECT_TRUE(range->contains(*parse_version(text))) << c.range << " and " << text;
    for (const auto& text : c.outside)
      EXPECT_FALSE(range->contains(*parse_version(text))) << c.range << " and " << text;
  }
}

TEST(VersionRange, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "new", ">=", "^1.2", "=>1.2", ">=1.2,", "1.2.3.4", "1.2 3", ">=1,,<2", "<>1"}) {
    const auto range = VersionRange::parse(text);
    ASSERT_FALSE(range) << text;
    EXPECT_EQ(range.error().code, ErrorCode::kUsage);
    EXPECT_THAT(range.error().message, HasSubstr(">=1.2,<2"));
  }
  EXPECT_THAT(VersionRange::parse(">=2,<1").error().message, HasSubstr("exclude each other"));
}

}  // namespace
}  // namespace recorte::plugin
