// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/grant.hpp"

#include <gmock/gmock.h>

namespace recorte::account {
namespace {

using testing::HasSubstr;

TEST(Grant, IsASentenceAndBack) {
  for (const auto* sentence :
       {"anyone may read on survey demo", "signed-in may read on survey demo",
        "user ana may read on survey des_y6", "group des may read on survey des_y6",
        "service portal may read on survey des_y6", "user ana may admin on service",
        "group ops may admin on service", "service portal may admin on service",
        "service portal may act on user ana", "service portal may act on group des",
        "service portal may act on everyone"}) {
    const auto grant = parse_grant(sentence);
    ASSERT_TRUE(grant) << grant.error().message;
    EXPECT_EQ(grant_text(*grant), sentence);
  }
}

TEST(Grant, KnowsItsParts) {
  const auto grant = parse_grant("  group   des may read on  survey des_y6 ").value();
  EXPECT_EQ(grant.subject, (Subject{Subject::Kind::kGroup, "des"}));
  EXPECT_EQ(grant.action, Action::kRead);
  EXPECT_EQ(grant.resource, (Resource{Resource::Kind::kSurvey, "des_y6"}));
}

TEST(Grant, NamesTheWordThatIsWrong) {
  const auto why = [](const char* sentence) {
    const auto grant = parse_grant(sentence);
    if (grant) return std::string("it is taken");
    EXPECT_EQ(grant.error().code, ErrorCode::kUsage);
    return grant.error().message;
  };
  EXPECT_THAT(why("goup des may read on survey x"), HasSubstr("'goup'"));
  EXPECT_THAT(why("group des can read on survey x"), HasSubstr("'may'"));
  EXPECT_THAT(why("group des may write on survey x"), HasSubstr("read, admin, act"));
  EXPECT_THAT(why("group des may read at survey x"), HasSubstr("'on'"));
  EXPECT_THAT(why("group des may read on sky x"), HasSubstr("survey NAME"));
  EXPECT_THAT(why("group des may read on survey"), HasSubstr("a name after 'survey'"));
  EXPECT_THAT(why("group des may read on survey x y"), HasSubstr("'y'"));
  EXPECT_THAT(why(""), HasSubstr("it ends"));
}

TEST(Grant, RefusesWhatDoesNotGoTogether) {
  for (const auto* sentence : {"anyone may admin on service", "signed-in may admin on service",
                               "user ana may act on user b", "group des may act on everyone",
                               "anyone may act on everyone", "user ana may read on service",
                               "user ana may read on user b", "user ana may admin on survey x",
                               "service p may act on survey x", "service p may act on service"}) {
    const auto grant = parse_grant(sentence);
    ASSERT_FALSE(grant) << sentence;
    EXPECT_THAT(grant.error().message, HasSubstr("cannot be granted"));
  }
}

}  // namespace
}  // namespace recorte::account
