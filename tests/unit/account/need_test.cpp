// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/need.hpp"

#include <gmock/gmock.h>

namespace recorte::account {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Principal somebody(std::vector<std::string> groups = {}) {
  Principal out;
  out.user = "ann";
  out.groups = std::move(groups);
  return out;
}

class NeedTest : public testing::Test {
 protected:
  NeedTest() {
    now.survey = "y6";
    now.group = "des";
  }
  Error refusal(const Principal& principal, const SurveyAccess* rule) const {
    const auto may = may_have(rule, need, principal);
    EXPECT_FALSE(may);
    return may ? Error{} : may.error();
  }
  Error refusal(const Principal& principal) const { return refusal(principal, &now); }
  bool may(const Principal& principal) const { return may_have(&now, need, principal).has_value(); }

  SurveyAccess now;
  Need need{"y6", "dr1", "des", "", true};
};

TEST_F(NeedTest, TheRuleAsItIsNowCounts) {
  EXPECT_TRUE(may(somebody({"des"})));
  const auto left = refusal(somebody({"lsst"}));
  EXPECT_EQ(left.code, ErrorCode::kForbidden);
  EXPECT_THAT(left.message, AllOf(HasSubstr("the survey y6"), HasSubstr("group des"),
                                  HasSubstr("you are in lsst")));
  now.releases["dr1"] = "";
  EXPECT_TRUE(may(somebody())) << "it was published since";
  now.releases["dr1"] = "builders";
  EXPECT_FALSE(may(somebody({"des"}))) << "it was closed since";
  EXPECT_TRUE(may(somebody({"survey:y6"})));
}

TEST_F(NeedTest, WhoeverIsNotSignedInIsTold) {
  const auto error = refusal(Principal());
  EXPECT_EQ(error.code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(error.message, HasSubstr("sign in"));
}

TEST_F(NeedTest, AHiddenOneDoesNotNameItsGroup) {
  now.hidden = true;
  const auto error = refusal(somebody());
  EXPECT_EQ(error.code, ErrorCode::kForbidden) << "they knew of it";
  EXPECT_THAT(error.message, AllOf(HasSubstr("y6"), Not(HasSubstr("des"))));
  EXPECT_TRUE(may(somebody({"des"})));
}

TEST_F(NeedTest, ImagesCountAsTheyWere) {
  now.by_image = true;
  EXPECT_TRUE(may(somebody())) << "of images that were everyone's";
  need.image_group = "des";
  EXPECT_THAT(refusal(somebody()).message, HasSubstr("images of the survey y6"));
  EXPECT_TRUE(may(somebody({"des"})));
  now.by_image = false;
  now.group = "";
  EXPECT_FALSE(may(somebody())) << "what the images said does not change";
}

TEST_F(NeedTest, WhatNobodyNotedIsTheGroups) {
  need.noted = false;
  now.by_image = true;
  EXPECT_FALSE(may(somebody()));
  EXPECT_TRUE(may(somebody({"des"})));
  now.by_image = false;
  now.group = "";
  EXPECT_TRUE(may(somebody()));
}

TEST_F(NeedTest, OfASurveyThatIsGoneItsGroupsCountAsTheyWere) {
  EXPECT_EQ(refusal(somebody(), nullptr).code, ErrorCode::kForbidden);
  EXPECT_TRUE(may_have(nullptr, need, somebody({"des"})));
  need.image_group = "young";
  EXPECT_FALSE(may_have(nullptr, need, somebody({"des"})));
  need = {"y6", "dr1", "", "", true};
  EXPECT_TRUE(may_have(nullptr, need, Principal()));
  need.noted = false;
  EXPECT_FALSE(may_have(nullptr, need, somebody({"des"})));
}

TEST_F(NeedTest, ASurveySaysWhetherItsResultsAreShared) {
  EXPECT_TRUE(may_share(&now, need));
  now.share = false;
  const auto refused = may_share(&now, need);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(refused.error().message, HasSubstr("y6"));
  EXPECT_FALSE(may_share(nullptr, need));
  need.release_group.clear();
  EXPECT_TRUE(may_share(nullptr, need));
  need.image_group = "young";
  EXPECT_FALSE(may_share(nullptr, need));
}

TEST_F(NeedTest, ACredentialForOtherSurveysIsForThese) {
  auto narrow = somebody({"des"});
  narrow.scopes.surveys = {"demo"};
  EXPECT_THAT(refusal(narrow).message, AllOf(HasSubstr("y6"), HasSubstr("demo")));
  narrow.scopes.surveys = {"demo", "y6"};
  EXPECT_TRUE(may(narrow));
}

}  // namespace
}  // namespace recorte::account
