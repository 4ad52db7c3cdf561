// SPDX-License-Identifier: BSD-3-Clause
#include "server/account/desk.hpp"

#include "tests/unit/login/tokens_in_memory.hpp"

#include <gmock/gmock.h>

namespace recorte::account_face {
namespace {

using account::Principal;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Micros kDay = 86'400LL * 1'000'000;

Principal eva() {
  Principal out;
  out.user = "eva";
  out.method = "session";
  out.credential = "s1";
  return out;
}

class Desk : public testing::Test {
 protected:
  Result<account::Issued> make(const Principal& maker, const std::vector<std::string>& scopes = {},
                               const std::string& expires = "",
                               const std::string& name = "laptop") {
    return make_token(tokens, keys, maker, {name, scopes, expires}, now);
  }
  std::string why(const Principal& maker, const std::vector<std::string>& scopes = {},
                  const std::string& expires = "", const std::string& name = "laptop") {
    const auto made = make(maker, scopes, expires, name);
    return made ? "it was made" : made.error().message;
  }

  const Micros now = now_micros();
  const account::Keys keys = account::Keys::of(std::string(32, 'k')).value();
  auth::TokensInMemory tokens;
};

TEST_F(Desk, MakesWhatIsUsual) {
  const auto made = make(eva()).value();
  EXPECT_THAT(account::scope_words(made.token.scopes), ElementsAre("read", "submit"));
  EXPECT_EQ(made.token.expires, now + 90 * kDay);
  EXPECT_EQ(made.token.user, "eva");
  ASSERT_THAT(tokens.all, SizeIs(1));
  EXPECT_EQ(tokens.all.begin()->first, keys.key("token").hash_of(made.text));
}

TEST_F(Desk, NobodyGivesWhatTheyHaveNot) {
  auto maker = eva();
  EXPECT_THAT(why(maker, {"admin"}), HasSubstr("scope admin"));
  maker.admin = true;
  EXPECT_EQ(why(maker, {"admin"}), "it was made");
  maker.scopes.submit = false;
  EXPECT_THAT(why(maker, {"submit"}), HasSubstr("scope submit"));
  EXPECT_THAT(account::scope_words(make(maker)->token.scopes), ElementsAre("read"));
  maker.scopes.surveys = {"des"};
  EXPECT_THAT(why(maker, {"read"}), HasSubstr("for the surveys des alone"));
  EXPECT_THAT(why(maker, {"read", "survey:kids"}), HasSubstr("survey:kids"));
  EXPECT_EQ(why(maker, {"read", "survey:des"}), "it was made");
}

TEST_F(Desk, WhatATokenMakesEndsWithIt) {
  const auto first = make(eva(), {}, "1d")->token;
  auto maker = eva();
  maker.method = "token";
  maker.credential = first.id;
  maker.ends = first.expires;
  EXPECT_EQ(make(maker, {}, "300d")->token.expires, first.expires);
  EXPECT_LT(make(maker, {}, "1h")->token.expires, first.expires);
  ASSERT_TRUE(tokens.revoke(first.id, "eva"));
  EXPECT_THAT(why(maker), HasSubstr("just ended or been revoked"));
}

TEST_F(Desk, WhatAProvidersTokenMakesEndsWithItToo) {
  auto maker = eva();
  maker.method = "oidc";
  maker.credential = "0123abcd";
  maker.ends = now + 300LL * 1'000'000;
  EXPECT_EQ(make(maker, {}, "300d")->token.expires, maker.ends);
  maker.ends = now - 1;
  EXPECT_THAT(why(maker), HasSubstr("just ended"));
  maker.ends = 0;  // of who has just signed in, at a terminal
  EXPECT_EQ(make(maker, {}, "300d")->token.expires, now + 300 * kDay);
}

TEST_F(Desk, NamesAndLivesHaveBounds) {
  for (const auto* name : {"", "  ", "two\nlines", "\xff"})
    EXPECT_THAT(why(eva(), {}, "", name), HasSubstr("name")) << name;
  EXPECT_THAT(why(eva(), {}, "", std::string(101, 'x')), HasSubstr("100 bytes"));
  for (const auto* life : {"367d", "0s", "-1d"})
    EXPECT_NE(why(eva(), {}, life), "it was made") << life;
  EXPECT_THAT(why(eva(), {"everything"}), HasSubstr("everything"));
}

TEST_F(Desk, ATokenThatMayDoLittleRevokesItselfAlone) {
  auto who = eva();
  EXPECT_TRUE(check_revoke(who, "t1"));
  who.credential = "t1";
  who.scopes.submit = false;
  EXPECT_TRUE(check_revoke(who, "t1"));
  EXPECT_THAT(check_revoke(who, "t2").error().message, HasSubstr("itself alone"));
  who.scopes = {};
  who.scopes.surveys = {"des"};
  EXPECT_FALSE(check_revoke(who, "t2"));
}

TEST_F(Desk, ThereAreNoMoreThanAHundred) {
  for (std::size_t i = 0; i < kMostTokens; ++i) ASSERT_TRUE(make(eva())) << i;
  EXPECT_THAT(why(eva()), HasSubstr("revoke one first"));
  ASSERT_TRUE(tokens.revoke(tokens.all.begin()->second.id, "eva"));
  EXPECT_EQ(why(eva()), "it was made");
}

}  // namespace
}  // namespace recorte::account_face
