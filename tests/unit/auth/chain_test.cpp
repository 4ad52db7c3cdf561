// SPDX-License-Identifier: BSD-3-Clause
#include "auth/chain/chain.hpp"

#include "tests/unit/auth/fakes.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using namespace testing;

template <class... One>
std::vector<std::unique_ptr<Authenticator>> list(One... one) {
  std::vector<std::unique_ptr<Authenticator>> out;
  (out.push_back(std::move(one)), ...);
  return out;
}

class Asked : public Test {
 protected:
  Asked() {
    accounts.user("ann", {"des"});
    accounts.user("bob");
    accounts.user("portal", {"des"}, true);
  }
  Chain chain(Chain::Options options = {}) {
    return Chain(list(names_as_tokens(), passwords()), accounts, std::move(options));
  }
  FakeAccounts accounts;
};

TEST_F(Asked, AnIdentityBecomesAPrincipalWithAllGrants) {
  accounts.grant("user ann may admin on service");
  auto asked = chain({.grants = {account::parse_grant("user ann may read on survey y6").value()}});
  const auto principal = asked.quick(bearer("ann"));
  ASSERT_TRUE(principal && *principal);
  EXPECT_EQ((*principal)->user, "ann");
  EXPECT_TRUE((*principal)->admin);
  EXPECT_THAT((*principal)->groups, ElementsAre("des", "survey:y6"));
  EXPECT_EQ((*principal)->method, "oidc");
  EXPECT_EQ((*principal)->credential, "c1");
}

TEST_F(Asked, TheQuickOnesComeFirstAndTheOthersApart) {
  auto asked = chain();
  EXPECT_FALSE(asked.quick(basic("ann", "right"))) << "not theirs to judge";
  const auto principal = asked.slow(basic("ann", "right"));
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->method, "ldap");
  EXPECT_TRUE(asked.has("ldap"));
  EXPECT_FALSE(asked.has("oidc"));
}

TEST_F(Asked, WhatNobodyTakesIsRefused) {
  auto asked = chain();
  const auto jwt = asked.slow(bearer("jwt"));
  ASSERT_FALSE(jwt);
  EXPECT_EQ(jwt.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(jwt.error().message, kBadToken) << "as with any token that is no good";
  Chain without(list(names_as_tokens()), accounts, {});
  const auto password = without.quick(basic("ann", "right"));
  ASSERT_TRUE(password && !*password);
  EXPECT_THAT(password->error().message, HasSubstr("no user names with passwords"));
  Credentials session;
  session.kind = Credentials::Kind::kSession;
  const auto over = asked.quick(session);
  ASSERT_TRUE(over && !*over);
  EXPECT_EQ(over->error().code, ErrorCode::kUnauthenticated);
}

TEST_F(Asked, WhatCannotBeJudgedIsNoRefusal) {
  auto asked = chain();
  EXPECT_EQ(asked.slow(basic("ann", "away")).error().code, ErrorCode::kUnavailable);
  accounts.up = false;
  EXPECT_EQ(asked.quick(bearer("ann"))->error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(asked.anonymous().error().code, ErrorCode::kUnavailable);
}

TEST_F(Asked, ADisabledAccountIsForbidden) {
  accounts.users["ann"].enabled = false;
  EXPECT_EQ(chain().slow(basic("ann", "right")).error().code, ErrorCode::kForbidden);
}

TEST_F(Asked, AServiceActsForWhomItWasGranted) {
  accounts.grant("service portal may act on user ann");
  accounts.grant("user ann may admin on service");
  auto asked = chain();
  const auto acting = asked.quick(bearer("portal", "ann"));
  ASSERT_TRUE(acting && *acting);
  EXPECT_EQ((*acting)->user, "ann");
  EXPECT_EQ((*acting)->service, "portal");
  EXPECT_FALSE((*acting)->admin) << "a service is never an admin";
  EXPECT_THAT((*acting)->groups, ElementsAre("des"));
}

TEST_F(Asked, WhoSomebodyIsNowNeedsNoCredential) {
  auto asked = chain();
  EXPECT_THAT(asked.now("ann", "")->groups, ElementsAre("des"));
  EXPECT_TRUE(asked.now("anonymous", "")->anonymous());
  EXPECT_EQ(asked.now("ann", "portal").error().code, ErrorCode::kForbidden) << "not granted";
  accounts.grant("service portal may act on user ann");
  accounts.grant("user ann may read on survey y6");
  EXPECT_THAT(asked.now("ann", "portal")->groups, ElementsAre("des", "survey:y6/des"));
  EXPECT_THAT(asked.now("ann", "")->groups, ElementsAre("des", "survey:y6"));
  EXPECT_THAT(asked.now("gone", "").error().message, HasSubstr("gone is gone"));
  accounts.users["ann"].enabled = false;
  const auto disabled = asked.now("ann", "");
  ASSERT_FALSE(disabled);
  EXPECT_EQ(disabled.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(disabled.error().message, HasSubstr("disabled"));
  accounts.up = false;
  EXPECT_EQ(asked.now("ann", "").error().code, ErrorCode::kUnavailable);
}

TEST_F(Asked, OfOthersAServiceLearnsNothing) {
  accounts.grant("service portal may act on user ann");
  accounts.grant("service portal may act on user eve");
  accounts.user("eve");
  accounts.users["eve"].enabled = false;
  auto asked = chain();
  const auto sentence = [&](const std::string& user) {
    const auto acting = asked.quick(bearer("portal", user));
    EXPECT_TRUE(acting && !*acting) << user;
    EXPECT_EQ(acting->error().code, ErrorCode::kForbidden) << user;
    auto text = acting->error().message;
    text.replace(text.find("'" + user + "'"), user.size() + 2, "X");
    return text;
  };
  EXPECT_EQ(sentence("bob"), sentence("nobody"));
  EXPECT_EQ(sentence("bob"), sentence("eve"));
}

TEST_F(Asked, OnlyServicesActForOthers) {
  accounts.grant("service ann may act on everyone");
  const auto acting = chain().quick(bearer("ann", "bob"));
  ASSERT_TRUE(acting && !*acting);
  EXPECT_EQ(acting->error().code, ErrorCode::kForbidden);
  EXPECT_THAT(acting->error().message, HasSubstr("only services"));
}

TEST_F(Asked, TooManyWrongPasswordsWait) {
  auto asked = chain({.tries = {.of_user = 3, .of_address = 100}});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(asked.slow(basic("ann", "wrong")).error().code, ErrorCode::kUnauthenticated);
  const auto right = asked.slow(basic("ann", "right"));
  ASSERT_FALSE(right) << "guessing is no use, also where the guess is right";
  EXPECT_EQ(right.error().code, ErrorCode::kRateLimited);
  EXPECT_GT(right.error().retry_s, 0);
  EXPECT_TRUE(asked.slow(basic("bob", "right"))) << "others go on";
  EXPECT_TRUE(*asked.quick(bearer("ann"))) << "a token of the user, too";
}

TEST_F(Asked, AGoodTokenIsLetInHoweverManyBadOnesCameFromThere) {
  auto asked = chain({.tries = {.of_user = 3, .of_address = 3}});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(asked.quick(bearer("bad"))->error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(asked.quick(bearer("bad"))->error().code, ErrorCode::kRateLimited);
  EXPECT_TRUE(*asked.quick(bearer("ann")));
  EXPECT_TRUE(asked.slow(basic("ann", "right"))) << "an old token keeps nobody's password out";
}

TEST_F(Asked, ADirectoryThatIsAwayCostsNoTries) {
  auto asked = chain({.tries = {.of_user = 2, .of_address = 2}});
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(asked.slow(basic("ann", "away")).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(asked.slow(basic("ann", "right")));
}

TEST_F(Asked, AnyoneHasWhatIsGrantedToAnyone) {
  accounts.grant("anyone may read on survey y3");
  accounts.grant("signed-in may read on survey y6");
  const auto principal = chain().anonymous();
  ASSERT_TRUE(principal);
  EXPECT_TRUE(principal->anonymous());
  EXPECT_THAT(principal->groups, ElementsAre("survey:y3"));
}

}  // namespace
}  // namespace recorte::auth
