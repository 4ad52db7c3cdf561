// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/user.hpp"

#include <gmock/gmock.h>

#include <string>

namespace recorte::account {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Name, MayBeWhatPeopleAreCalled) {
  for (const auto* name : {"ana", "Ana.Lima", "ana@example.org", "ana+tests@x.org", "0", "_x-y"})
    EXPECT_TRUE(check_name(name)) << name;
  EXPECT_TRUE(check_name(std::string(64, 'a')));
}

TEST(Name, SaysWhatIsWrong) {
  const auto why = [](const std::string& name) {
    const auto status = check_name(name);
    if (status) return std::string("it is good");
    EXPECT_EQ(status.error().code, ErrorCode::kUsage);
    return status.error().message;
  };
  EXPECT_THAT(why(""), HasSubstr("empty"));
  EXPECT_THAT(why(std::string(65, 'a')), HasSubstr("64"));
  EXPECT_THAT(why("-x"), HasSubstr("begins"));
  EXPECT_THAT(why(".x"), HasSubstr("begins"));
  EXPECT_THAT(why("anonymous"), HasSubstr("not signed in"));
  for (const auto* name : {"a b", "a/b", "survey:x", "unix:0", "a\n", "a\"", "\xC3\xA9", "a,b"})
    EXPECT_THAT(why(name), HasSubstr("letters")) << name;
}

TEST(Groups, OfTheSourceCountForAWhile) {
  User user;
  user.groups = {"own", "both"};
  user.told_groups = {"told", "both"};
  user.told = 1'000;
  EXPECT_THAT(user.groups_at(1'500, 500), ElementsAre("both", "own", "told"));
  EXPECT_THAT(user.groups_at(1'501, 500), ElementsAre("both", "own"));
  EXPECT_THAT(user.groups_at(1'000'000, 0), ElementsAre("both", "own", "told"));
}

TEST(Groups, ASourceGrantsNoSurveyByANameOfAGroup) {
  User user;
  user.told_groups = {"survey:secret", "CO:members:active", "survey:secret/team", "",
                      std::string(257, 'x')};
  EXPECT_THAT(user.groups_at(1, 0), ElementsAre("CO:members:active"));
}

TEST(Groups, AreNamedByWhatCanBeWrittenInAList) {
  for (const auto& group : {std::string("team"), std::string("CO:members:active"),
                            std::string("\xC3\x89ter"), std::string(256, 'x')})
    EXPECT_TRUE(check_group(group)) << group;
  for (const auto& group :
       {std::string(), std::string(257, 'x'), std::string("survey:des"), std::string("a b"),
        std::string("a,b"), std::string("a\n"), std::string("a\x7f"), std::string("\xC3")}) {
    const auto status = check_group(group);
    ASSERT_FALSE(status) << group;
    EXPECT_EQ(status.error().code, ErrorCode::kUsage);
    EXPECT_THAT(status.error().message, HasSubstr("cannot be a group"));
  }
}

}  // namespace
}  // namespace recorte::account
