// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/login.hpp"

#include "core/net/pkce.hpp"
#include "tests/unit/login/fake_provider.hpp"

#include <gmock/gmock.h>

#include <memory>

namespace recorte::auth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr Micros kSecond = 1'000'000;
const std::string kBrowser(64, 'b'), kUri = "https://sky.example/login/callback/idp";

class CodeFlow : public testing::Test {
 protected:
  CodeFlow() { start(); }
  void start() {
    std::vector<Provider> all;
    all.push_back(idp.provider());
    all.push_back(other.provider());
    login = std::make_unique<Login>(std::move(all), spent, keys, [this] { return now; });
  }
  /// Sets out, and has the provider be ready to give the right answer.
  std::string set_out(const std::string& return_to = "/account") {
    url = login->begin("idp", return_to, kUri, kBrowser).value();
    idp.say(parameter_of(url, "nonce"));
    return parameter_of(url, "state");
  }
  Result<Login::Done> come_back(const std::string& state, const std::string& browser = kBrowser,
                                const std::string& issuer = "") {
    return login->finish({"idp", "the code", state, issuer, "", ""}, kUri, browser);
  }
  static std::string why(const Result<Login::Done>& done) {
    return done ? "it was let in" : done.error().message;
  }

  Micros now = 1'800'000'000 * kSecond;
  const account::Keys keys = account::Keys::of(std::string(32, 'k')).value();
  FakeProvider idp{"idp", now}, other{"other", now};
  SpentInMemory spent;
  std::unique_ptr<Login> login;
  std::string url;
};

TEST_F(CodeFlow, SetsOutWithAllThatProtectsIt) {
  const auto state = set_out();
  EXPECT_THAT(url, StartsWith("https://idp.example/auth?"));
  EXPECT_EQ(parameter_of(url, "response_type"), "code");
  EXPECT_EQ(parameter_of(url, "client_id"), "recorte");
  EXPECT_EQ(parameter_of(url, "redirect_uri"), kUri);
  EXPECT_EQ(parameter_of(url, "scope"), "openid email profile");
  EXPECT_EQ(parameter_of(url, "code_challenge_method"), "S256");
  EXPECT_EQ(parameter_of(url, "code_challenge").size(), 43U);
  EXPECT_EQ(parameter_of(url, "nonce").size(), 64U);
  EXPECT_NE(state, set_out()) << "each has its own";
}

TEST_F(CodeFlow, EndsWithWhoItIs) {
  const auto done = come_back(set_out());
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->identity.subject, "7");
  EXPECT_EQ(done->identity.name, "eva@example");
  EXPECT_THAT(done->identity.groups.value(), testing::ElementsAre("des")) << "of userinfo";
  EXPECT_EQ(done->return_to, "/account");
  const auto& asked = idp.last("/token");
  EXPECT_EQ(field_of(asked, "grant_type"), "authorization_code");
  EXPECT_EQ(field_of(asked, "code"), "the code");
  EXPECT_EQ(field_of(asked, "redirect_uri"), kUri);
  EXPECT_EQ(net::code_challenge(field_of(asked, "code_verifier")),
            parameter_of(url, "code_challenge"));
  EXPECT_EQ(asked.user, "recorte");
  EXPECT_EQ(asked.password, "the+secret");
  EXPECT_EQ(field_of(asked, "client_secret"), "");
  EXPECT_EQ(idp.last("/me").bearer, "at");
}

TEST_F(CodeFlow, ShowsItsSecretAsTheProviderTakesIt) {
  idp.endpoints.basic = false;
  ASSERT_TRUE(come_back(set_out()));
  EXPECT_EQ(field_of(idp.last("/token"), "client_secret"), "the secret");
  EXPECT_EQ(idp.last("/token").user, "");
}

TEST_F(CodeFlow, NeedsNoSecretInTheBrowsersAddress) {
  const auto state = set_out();
  ASSERT_TRUE(come_back(state));
  const auto verifier = field_of(idp.last("/token"), "code_verifier");
  EXPECT_THAT(url, AllOf(Not(HasSubstr(verifier)), Not(HasSubstr(kBrowser))));
}

TEST_F(CodeFlow, IsTakenOnce) {
  const auto state = set_out();
  ASSERT_TRUE(come_back(state));
  const auto asked = idp.calls.size();
  const auto again = come_back(state);
  EXPECT_THAT(why(again), HasSubstr("taken already"));
  EXPECT_EQ(idp.calls.size(), asked) << "its code is not sent again";
}

TEST_F(CodeFlow, IsTakenOnceAlsoByAnotherServer) {
  const auto state = set_out();
  ASSERT_TRUE(come_back(state));
  start();
  EXPECT_THAT(why(come_back(state)), HasSubstr("taken already"));
}

TEST_F(CodeFlow, EndsInTheBrowserThatItBeganIn) {
  const auto state = set_out();
  for (const auto& browser : {std::string(64, 'c'), std::string()}) {
    const auto done = come_back(state, browser);
    EXPECT_THAT(why(done), HasSubstr("did not begin in this browser"));
    EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
  }
  EXPECT_THAT(idp.calls, IsEmpty());
  EXPECT_THAT(spent.all, IsEmpty()) << "nobody else spends it";
  EXPECT_TRUE(come_back(state));
}

TEST_F(CodeFlow, RefusesForgedStates) {
  auto state = set_out();
  for (const auto& forged : {std::string(), std::string("x"), state + "0", "1" + state,
                             state.substr(0, state.size() - 1), std::string(3, '|')})
    EXPECT_THAT(why(come_back(forged)), HasSubstr("did not begin in this browser")) << forged;
  const auto at = state.find("account");
  ASSERT_NE(at, state.npos);
  state.replace(at, 7, "another");
  EXPECT_THAT(why(come_back(state)), HasSubstr("did not begin in this browser"));
}

TEST_F(CodeFlow, IsOverAfterTenMinutes) {
  const auto state = set_out();
  now += Login::kPatience;
  EXPECT_THAT(why(come_back(state)), HasSubstr("longer than ten minutes"));
}

TEST_F(CodeFlow, EndsWithTheProviderThatItBeganWith) {
  const auto state = set_out();
  const auto done = login->finish({"other", "the code", state, "", "", ""}, kUri, kBrowser);
  EXPECT_THAT(why(done), HasSubstr("another provider"));
  EXPECT_THAT(other.calls, IsEmpty()) << "the code is sent nowhere";
  EXPECT_THAT(idp.calls, IsEmpty());
}

TEST_F(CodeFlow, ChecksTheIssuerOfTheAnswer) {
  EXPECT_THAT(why(come_back(set_out(), kBrowser, "https://other.example")), HasSubstr("(iss)"));
  EXPECT_THAT(idp.calls, IsEmpty()) << "the code is sent nowhere";
  EXPECT_TRUE(come_back(set_out(), kBrowser, "https://idp.example"));
}

TEST_F(CodeFlow, AProviderThatNamesItselfDoesSoAlways) {
  idp.endpoints.names_issuer = true;
  EXPECT_THAT(why(come_back(set_out())), HasSubstr("(iss)"));
  EXPECT_TRUE(come_back(set_out(), kBrowser, "https://idp.example"));
}

TEST_F(CodeFlow, RefusesAnotherSignInsNonce) {
  const auto state = set_out();
  idp.claims["nonce"] = "another";
  EXPECT_THAT(why(come_back(state)), HasSubstr("(nonce)"));
  const auto next = set_out();
  idp.claims.erase("nonce");
  EXPECT_THAT(why(come_back(next)), HasSubstr("(nonce)"));
}

TEST_F(CodeFlow, RefusesWhatTheProviderDidNotSign) {
  auto provider = idp.provider();
  provider.signed_claims = [](const std::string&) -> Result<nlohmann::json> {
    return fail(ErrorCode::kUnauthenticated, "a forged one");
  };
  std::vector<Provider> all;
  all.push_back(std::move(provider));
  login = std::make_unique<Login>(std::move(all), spent, keys, [this] { return now; });
  const auto done = come_back(set_out());
  EXPECT_THAT(why(done), HasSubstr("not signed as it should be: a forged one"));
  EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
}

TEST_F(CodeFlow, UserinfoIsAboutTheSamePerson) {
  const auto state = set_out();
  idp.userinfo["sub"] = "8";
  EXPECT_THAT(why(come_back(state)), HasSubstr("two things"));
}

TEST_F(CodeFlow, WhatIsSignedCountsMore) {
  const auto state = set_out();
  idp.userinfo["eppn"] = "mallory@example";
  EXPECT_EQ(come_back(state)->identity.name, "eva@example");
}

TEST_F(CodeFlow, WithoutUserinfoNobodyLosesTheirGroups) {
  const auto state = set_out();
  idp.userinfo = nullptr;
  EXPECT_EQ(come_back(state).error().code, ErrorCode::kUnavailable);
}

TEST_F(CodeFlow, SaysWhatTheProviderSays) {
  const auto state = set_out();
  const auto done =
      login->finish({"idp", "", state, "", "access_denied", "not\r\nyou\xff"}, kUri, kBrowser);
  EXPECT_EQ(done.error().message, "The idp did not let you in: access_denied: not  you?");
  EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
}

TEST_F(CodeFlow, TellsARefusedCodeFromAProviderThatIsUnwell) {
  idp.refusal = {400, {{"error", "invalid_grant"}}};
  const auto refused = come_back(set_out());
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(why(refused), HasSubstr("invalid_grant"));
  idp.refusal = {503, nullptr};
  EXPECT_EQ(come_back(set_out()).error().code, ErrorCode::kUnavailable);
  idp.refusal = {401, {{"error", "invalid_client"}}};
  EXPECT_EQ(come_back(set_out()).error().code, ErrorCode::kUnavailable) << "ours to mend";
}

TEST_F(CodeFlow, GoesNowhereElseAfterwards) {
  for (const auto* path : {"https://evil.example/", "//evil.example", "/\\evil.example", "evil"})
    EXPECT_EQ(come_back(set_out(path))->return_to, "/") << path;
}

TEST_F(CodeFlow, ProvidersAreKnownOrNot) {
  EXPECT_EQ(login->begin("nobody", "/", kUri, kBrowser).error().code, ErrorCode::kNotFound);
}

TEST_F(CodeFlow, AProviderThatIsAwayIsSaidToBe) {
  const auto state = set_out();
  idp.away = true;
  EXPECT_EQ(login->begin("idp", "/", kUri, kBrowser).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(come_back(state).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recorte::auth
