// SPDX-License-Identifier: BSD-3-Clause
#include "auth/token/token_authenticator.hpp"
#include "core/base/time.hpp"
#include "tests/unit/auth/fakes.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using namespace testing;

class Token : public Test {
 protected:
  Token() : key(account::Keys::of(std::string(32, 'k')).value().key("token")), judge(tokens, key) {
    given.id = "t1";
    given.user = "ann";
    given.scopes.submit = false;
    (void)tokens.add(given, key.hash_of(text));
  }
  account::Tokens::Found& kept() { return tokens.found.at(key.hash_of(text)); }
  void expect_refused() {
    const auto identity = judge.identify(bearer(text));
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(identity.error().message, kBadToken);
    EXPECT_THAT(tokens.touched, IsEmpty());
  }

  FakeTokens tokens;
  const account::Key key;
  TokenAuthenticator judge;
  const std::string text = account::new_token();
  account::Token given;
};

TEST_F(Token, SaysWhoseItIsAndWhatItIsFor) {
  const auto identity = judge.identify(bearer(text));
  ASSERT_TRUE(identity && *identity);
  EXPECT_EQ((*identity)->source, account::kOwnSource);
  EXPECT_EQ((*identity)->subject, "ann");
  EXPECT_EQ((*identity)->credential, "t1");
  EXPECT_EQ((*identity)->method, "token");
  EXPECT_FALSE((*identity)->scopes.submit);
  EXPECT_FALSE((*identity)->groups) << "a token says nothing of groups";
  EXPECT_THAT(tokens.touched, ElementsAre(Pair("t1", "192.0.2.1")));
}

TEST_F(Token, ThatIsNotKnownIsRefused) {
  tokens.found.clear();
  expect_refused();
}

TEST_F(Token, ThatIsRevokedIsRefused) {
  kept().token.revoked = now_micros() - 1;
  expect_refused();
}

TEST_F(Token, ThatIsOverIsRefused) {
  kept().token.expires = now_micros() - 1;
  expect_refused();
  kept().token.expires = now_micros() + 60'000'000;
  EXPECT_TRUE(judge.identify(bearer(text)));
}

TEST_F(Token, OfADisabledUserIsRefused) {
  kept().user.enabled = false;
  expect_refused();
}

TEST_F(Token, OfOthersIsForOthersToJudge) {
  for (const auto& credentials : {bearer("eyJhbGciOiJSUzI1NiJ9.e30.c2ln"), basic("ann", text)}) {
    const auto identity = judge.identify(credentials);
    ASSERT_TRUE(identity);
    EXPECT_FALSE(*identity);
  }
  EXPECT_EQ(tokens.asked, 0);
}

TEST_F(Token, IsGoodAlsoWhereItsUseCannotBeNoted) {
  tokens.touches = false;
  EXPECT_TRUE(judge.identify(bearer(text)));
}

}  // namespace
}  // namespace recorte::auth
