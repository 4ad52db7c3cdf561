// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/survey_access.hpp"

#include <gmock/gmock.h>

namespace recorte::account {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Principal somebody(std::vector<std::string> groups = {}) {
  Principal out;
  out.user = "ann";
  out.groups = std::move(groups);
  return out;
}

SurveyAccess of_group(const std::string& group) {
  SurveyAccess out;
  out.survey = "des_y6";
  out.group = group;
  return out;
}

Error error(const SurveyAccess& access, const std::string& release, const Principal& principal) {
  const auto seen = may_see(access, release, principal, [] {
    return Error{ErrorCode::kNotFound, "none"};
  });
  EXPECT_FALSE(seen);
  return seen ? Error{} : seen.error();
}

TEST(SurveyAccess, APublicSurveyIsEveryones) {
  EXPECT_EQ(judge(of_group(""), "", Principal()), Verdict::kAllowed);
  EXPECT_EQ(judge(of_group(""), "dr1", somebody()), Verdict::kAllowed);
  EXPECT_TRUE(sees(of_group(""), Principal()));
}

TEST(SurveyAccess, APrivateOneIsItsGroups) {
  const auto access = of_group("des");
  EXPECT_EQ(judge(access, "", Principal()), Verdict::kSignIn);
  EXPECT_EQ(judge(access, "", somebody({"lsst"})), Verdict::kForbidden);
  EXPECT_EQ(judge(access, "", somebody({"des", "lsst"})), Verdict::kAllowed);
  EXPECT_FALSE(sees(access, Principal()));
  EXPECT_FALSE(sees(access, somebody({"lsst"})));
  EXPECT_TRUE(sees(access, somebody({"des"})));
}

TEST(SurveyAccess, AHiddenOneIsNotThereForOthers) {
  auto access = of_group("des");
  access.hidden = true;
  EXPECT_EQ(judge(access, "", Principal()), Verdict::kHidden);
  EXPECT_EQ(judge(access, "", somebody({"lsst"})), Verdict::kHidden);
  EXPECT_EQ(judge(access, "", somebody({"des"})), Verdict::kAllowed);
  EXPECT_EQ(error(access, "", Principal()).message, "none");
}

TEST(SurveyAccess, AReleaseMayBelongToAnotherGroup) {
  auto access = of_group("des");
  access.releases = {{"dr1", ""}, {"dr3", "builders"}};
  EXPECT_EQ(judge(access, "dr1", Principal()), Verdict::kAllowed);
  EXPECT_EQ(judge(access, "dr2", Principal()), Verdict::kSignIn);
  EXPECT_EQ(judge(access, "dr2", somebody({"des"})), Verdict::kAllowed);
  EXPECT_EQ(judge(access, "dr3", somebody({"des"})), Verdict::kForbidden);
  EXPECT_EQ(judge(access, "dr3", somebody({"builders"})), Verdict::kAllowed);
  EXPECT_TRUE(sees(access, Principal())) << "dr1 is theirs, too";
  EXPECT_THAT(error(access, "dr3", somebody({"des"})).message,
              AllOf(HasSubstr("release dr3"), HasSubstr("builders"), HasSubstr("you are in des")));
}

TEST(SurveyAccess, WhoSeesAReleaseKnowsOfAHiddenSurvey) {
  auto access = of_group("des");
  access.hidden = true;
  access.releases = {{"dr3", "builders"}};
  EXPECT_EQ(judge(access, "dr3", somebody({"des"})), Verdict::kForbidden);
  EXPECT_EQ(judge(access, "dr3", somebody({"lsst"})), Verdict::kHidden);
}

TEST(SurveyAccess, WhereImagesSayItThemselvesAllMayLook) {
  auto access = of_group("ztf");
  access.by_image = true;
  EXPECT_EQ(judge(access, "", Principal()), Verdict::kAllowed);
  EXPECT_TRUE(sees(access, Principal()));
  access.releases = {{"dr9", "ztf"}};
  EXPECT_EQ(judge(access, "dr9", Principal()), Verdict::kSignIn);
}

TEST(SurveyAccess, AGrantIsWorthTheSurveysGroupThere) {
  const auto granted = somebody({"survey:des_y6"});
  EXPECT_EQ(judge(of_group("des"), "", granted), Verdict::kAllowed);
  auto other = of_group("des");
  other.survey = "des_deep";
  EXPECT_EQ(judge(other, "", granted), Verdict::kForbidden);
  auto access = of_group("des");
  access.releases = {{"dr3", "builders"}};
  EXPECT_EQ(judge(access, "dr3", granted), Verdict::kAllowed);
}

TEST(SurveyAccess, AGrantToAnyoneOpensItToAnonymousUsers) {
  Principal anonymous;
  anonymous.groups = {"survey:des_y6"};
  EXPECT_EQ(judge(of_group("des"), "", anonymous), Verdict::kAllowed);
}

TEST(SurveyAccess, ACredentialForOtherSurveysOpensNone) {
  auto limited = somebody({"des"});
  limited.scopes.surveys = {"des_dr2", "ztf"};
  EXPECT_EQ(judge(of_group("des"), "", limited), Verdict::kForbidden);
  EXPECT_EQ(judge(of_group(""), "", limited), Verdict::kForbidden);
  EXPECT_FALSE(sees(of_group(""), limited));
  EXPECT_THAT(error(of_group("des"), "", limited).message, HasSubstr("des_dr2, ztf"));
  auto hidden = of_group("des");
  hidden.hidden = true;
  EXPECT_EQ(judge(hidden, "", limited), Verdict::kHidden);
  limited.scopes.surveys.emplace_back("des_y6");
  EXPECT_EQ(judge(hidden, "", limited), Verdict::kAllowed);
}

TEST(SurveyAccess, StrangersLearnWhatWouldHelp) {
  const auto access = of_group("des");
  const auto unknown = error(access, "", Principal());
  EXPECT_EQ(unknown.code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(unknown.message, AllOf(HasSubstr("des_y6"), HasSubstr("sign in")));
  const auto known = error(access, "", somebody({"lsst", "survey:other"}));
  EXPECT_EQ(known.code, ErrorCode::kForbidden);
  EXPECT_THAT(known.message, AllOf(HasSubstr("group des;"), HasSubstr("you are in lsst"),
                                   Not(HasSubstr("survey:other"))));
  EXPECT_THAT(error(access, "", somebody()).message, HasSubstr("you are in no group"));
}

TEST(SurveyAccess, GrantsAreNoGroups) {
  EXPECT_THAT(named_groups({"a", "survey:b", "c"}), ElementsAre("a", "c"));
}

}  // namespace
}  // namespace recorte::account
