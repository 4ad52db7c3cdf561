// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/providers.hpp"
#include "core/account/token.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::oidc {
namespace {

using testing::HasSubstr;

// {"alg":"RS256","kid":"1"} and {"iss":"http://127.0.0.1:1"}, signed by nobody.
const std::string kJwt =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjEifQ.AAAA";

/// A provider that never answers.
class BearerTokens : public testing::Test {
 protected:
  std::unique_ptr<Providers> providers(const std::string& tokens = "any") {
    config::OidcSettings lab;
    lab.issuer = "http://127.0.0.1:1";
    lab.client = "us";
    lab.tokens = tokens;
    return std::move(Providers::of({{"lab", lab}}).value());
  }
  Result<std::optional<account::Identity>> ask(const std::string& token,
                                               const std::string& tokens = "any") {
    const auto all = providers(tokens);
    Credentials credentials;
    credentials.kind = kind;
    credentials.secret = token;
    credentials.address = "192.0.2.1";
    return all->bearer()->identify(credentials);
  }
  void expect_refused(const std::string& token, const std::string& why) {
    const auto identity = ask(token);
    ASSERT_FALSE(identity) << token.substr(0, 80);
    EXPECT_EQ(identity.error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(identity.error().message, HasSubstr(why));
  }
  void expect_others(const std::string& token, const std::string& tokens = "any") {
    const auto identity = ask(token, tokens);
    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_FALSE(*identity);
  }
  Credentials::Kind kind = Credentials::Kind::kBearer;
};

TEST_F(BearerTokens, OfOthersAreForOthersToJudge) {
  expect_others(account::new_token());
  expect_others("opaque", "jwt");
  kind = Credentials::Kind::kBasic;
  expect_others(kJwt);
}

TEST_F(BearerTokens, AreNotReadWhereTheyAreNone) {
  expect_refused(kJwt + std::string(17'000, 'A'), "longer than 16 KiB");
  expect_refused(kJwt + std::string("\0", 1), "characters that no token has");
  for (const auto* odd : {"a b", "a\nb", "a\x7f", "\xc3\xa4", ""})
    expect_refused(odd, "characters that no token has");
}

TEST_F(BearerTokens, OfAnUnknownIssuerAreShownToNobody) {
  // {"iss":"https://evil.example"}, {}, {"iss":7}
  for (const auto* claims : {"eyJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9", "e30", "eyJpc3MiOjd9"})
    expect_refused("eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ." + std::string(claims) + ".AAAA",
                   "names no issuer");
}

TEST_F(BearerTokens, CannotBeJudgedWhileNobodyAnswers) {
  for (const auto& token : {kJwt, std::string("opaque")}) {
    const auto identity = ask(token);
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, ErrorCode::kUnavailable) << identity.error().message;
  }
  EXPECT_EQ(ask(kJwt, "opaque").error().code, ErrorCode::kUnavailable);
}

TEST_F(BearerTokens, AreNoIdTokens) {
  const auto all = providers();
  const auto why = [&](const std::string& token) {
    return all->signed_claims("lab", token).error();
  };
  EXPECT_EQ(why(kJwt).code, ErrorCode::kUnavailable);
  // {"alg":"RS256","typ":"at+jwt"}
  EXPECT_EQ(why("eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA").message, "it is no id_token");
  // {"alg":"HS256"}, {"alg":"none"}
  for (const auto* header : {"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0"})
    EXPECT_THAT(why(std::string(header) + ".e30.AAAA").message, HasSubstr("no algorithm"));
  EXPECT_EQ(why("opaque").code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(all->signed_claims("other", kJwt).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte::auth::oidc
