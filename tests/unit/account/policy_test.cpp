// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/policy.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace recorte::account {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Words = std::vector<std::string>;

std::vector<Grant> grants(const Words& sentences) {
  std::vector<Grant> out;
  for (const auto& sentence : sentences) out.push_back(parse_grant(sentence).value());
  return out;
}

User user(const std::string& name, bool service = false) {
  User out;
  out.name = name;
  out.email = name + "@example.org";
  out.service = service;
  return out;
}

Identity by_token() {
  Identity out;
  out.method = "token";
  out.credential = "t1";
  return out;
}

Principal principal(const User& who, const Words& groups, const Words& sentences,
                    Scopes scopes = {}) {
  auto identity = by_token();
  identity.scopes = std::move(scopes);
  return principal_of(who, groups, identity, grants(sentences));
}

TEST(Opens, WhatIsPublicToAll) {
  EXPECT_TRUE(opens({}, "des", ""));
  EXPECT_FALSE(opens({}, "des", "team"));
}

TEST(Opens, AGroupEverywhereAndAGrantInOneSurvey) {
  EXPECT_TRUE(opens(Words{"team"}, "des", "team"));
  EXPECT_TRUE(opens(Words{"survey:des"}, "des", "team"));
  EXPECT_FALSE(opens(Words{"survey:des"}, "des_y6", "team"));
  EXPECT_TRUE(opens(Words{"survey:des/team"}, "des", "team"));
  EXPECT_FALSE(opens(Words{"survey:des/team"}, "des", "others"));
  EXPECT_FALSE(opens(Words{"survey:des/team"}, "des_y6", "team"));
}

TEST(PrincipalOf, IsTheAccountAndWhoVouchedForIt) {
  const auto ana = principal(user("ana"), {"des"}, {});
  EXPECT_EQ(ana.user, "ana");
  EXPECT_EQ(ana.email, "ana@example.org");
  EXPECT_EQ(ana.method, "token");
  EXPECT_EQ(ana.credential, "t1");
  EXPECT_THAT(ana.groups, ElementsAre("des"));
  EXPECT_FALSE(ana.admin);
  EXPECT_FALSE(ana.program);
  EXPECT_FALSE(ana.anonymous());
}

TEST(PrincipalOf, GetsTheSurveysThatItsSubjectsAreGranted) {
  const Words all{"anyone may read on survey a",      "signed-in may read on survey b",
                  "user ana may read on survey c",    "group des may read on survey d",
                  "service ana may read on survey e", "user bob may read on survey f",
                  "group lsst may read on survey g"};
  EXPECT_THAT(principal(user("ana"), {"des"}, all).groups,
              ElementsAre("des", "survey:a", "survey:b", "survey:c", "survey:d"));
  EXPECT_THAT(principal(user("ana", true), {}, all).groups,
              ElementsAre("survey:a", "survey:b", "survey:e"));
}

TEST(PrincipalOf, ATokenForSomeSurveysHasNoOtherGrants) {
  Scopes scopes;
  scopes.surveys = {"c"};
  EXPECT_THAT(principal(user("ana"), {},
                        {"user ana may read on survey c", "user ana may read on survey d"}, scopes)
                  .groups,
              ElementsAre("survey:c"));
}

TEST(PrincipalOf, IsAnAdminWhereAGrantSaysSoAndTheScopesDo) {
  const Words rule{"group ops may admin on service", "user ana may admin on service"};
  EXPECT_TRUE(principal(user("ana"), {}, rule).admin);
  EXPECT_TRUE(principal(user("bob"), {"ops"}, rule).admin);
  EXPECT_FALSE(principal(user("bob"), {}, rule).admin);
  EXPECT_FALSE(principal(user("ana", true), {}, rule).admin);
  Scopes scopes;
  scopes.admin = false;
  EXPECT_FALSE(principal(user("ana"), {}, rule, scopes).admin);
}

TEST(Anonymous, HasWhatIsGrantedToAnyone) {
  const auto nobody =
      anonymous(grants({"anyone may read on survey a", "signed-in may read on survey b"}));
  EXPECT_TRUE(nobody.anonymous());
  EXPECT_THAT(nobody.groups, ElementsAre("survey:a"));
  EXPECT_FALSE(nobody.admin);
}

class OnBehalf : public testing::Test {
 protected:
  Result<Principal> act(const Words& service_groups, const Words& user_groups, Words more = {}) {
    more.emplace_back("service portal may act on user ana");
    const auto portal = principal(user("portal", true), service_groups, more);
    return on_behalf_of(portal, user("ana"), user_groups, grants(more));
  }
};

TEST_F(OnBehalf, NamesBoth) {
  const auto ana = act({}, {}).value();
  EXPECT_EQ(ana.user, "ana");
  EXPECT_EQ(ana.service, "portal");
  EXPECT_EQ(ana.method, "token");
  EXPECT_EQ(ana.credential, "t1");
  EXPECT_EQ(ana.email, "ana@example.org");
  EXPECT_FALSE(ana.program);
}

TEST_F(OnBehalf, IsNeverAnAdmin) {
  const auto ana =
      act({}, {}, {"user ana may admin on service", "service portal may admin on service"}).value();
  EXPECT_FALSE(ana.admin);
  EXPECT_FALSE(ana.scopes.admin);
}

TEST_F(OnBehalf, ReadsWhatBothMayRead) {
  struct Case {
    const char* what;
    Words service, user, more;
    bool may;
  };
  const Words for_service{"service portal may read on survey des"};
  const Words for_user{"user ana may read on survey des"};
  const std::vector<Case> cases{{"both in the group", {"team"}, {"team"}, {}, true},
                                {"the user alone", {}, {"team"}, {}, false},
                                {"the service alone", {"team"}, {}, {}, false},
                                {"a grant and a group", {}, {"team"}, for_service, true},
                                {"a group and a grant", {"team"}, {}, for_user, true},
                                {"a grant to the service alone", {}, {}, for_service, false},
                                {"a grant to the user alone", {}, {}, for_user, false},
                                {"grants to both", {}, {}, {for_service[0], for_user[0]}, true}};
  for (const auto& each : cases)
    EXPECT_EQ(opens(act(each.service, each.user, each.more).value().groups, "des", "team"),
              each.may)
        << each.what;
}

TEST_F(OnBehalf, AGrantOnOneSurveyOpensNoOther) {
  const auto ana = act({}, {"team"}, {"service portal may read on survey des"}).value();
  EXPECT_TRUE(opens(ana.groups, "des", "team"));
  EXPECT_FALSE(opens(ana.groups, "lsst", "team"));
  EXPECT_FALSE(opens(ana.groups, "des", "others"));
}

TEST_F(OnBehalf, MayNoMoreThanTheServicesToken) {
  const auto rules = grants({"service portal may act on everyone"});
  Scopes scopes{true, false, false, {"des"}};
  const auto portal = principal(user("portal", true), {}, {}, scopes);
  const auto ana = on_behalf_of(portal, user("ana"), {}, rules).value();
  EXPECT_TRUE(ana.scopes.read);
  EXPECT_FALSE(ana.scopes.submit);
  EXPECT_THAT(ana.scopes.surveys, ElementsAre("des"));
}

TEST_F(OnBehalf, NeedsAGrantForThatUser) {
  const auto portal = principal(user("portal", true), {}, {});
  const auto may = [&](const Words& sentences, const Words& groups = {}) {
    return on_behalf_of(portal, user("ana"), groups, grants(sentences)).has_value();
  };
  EXPECT_TRUE(may({"service portal may act on user ana"}));
  EXPECT_TRUE(may({"service portal may act on everyone"}));
  EXPECT_TRUE(may({"service portal may act on group des"}, {"des"}));
  EXPECT_FALSE(may({"service portal may act on group des"}));
  EXPECT_FALSE(may({"service portal may act on user bob"}));
  EXPECT_FALSE(may({"service other may act on user ana"}));
  EXPECT_FALSE(may({"service portal may read on survey ana"}));
  EXPECT_FALSE(may({}));
}

TEST_F(OnBehalf, IsRefusedInOneSentence) {
  const auto rules = grants({"service portal may act on everyone"});
  const auto portal = principal(user("portal", true), {}, {});
  auto gone = user("ana");
  gone.enabled = false;
  auto twice = portal;
  twice.service = "other";
  const std::vector<Result<Principal>> refusals{
      on_behalf_of(portal, user("ana"), {}, {}), on_behalf_of(portal, gone, {}, rules),
      on_behalf_of(portal, user("worker", true), {}, rules),
      on_behalf_of(principal(user("portal"), {}, {}), user("ana"), {}, rules),
      on_behalf_of(twice, user("ana"), {}, rules)};
  for (const auto& refusal : refusals) {
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(refusal.error().message, refusals[0].error().message);
  }
}

}  // namespace
}  // namespace recorte::account
