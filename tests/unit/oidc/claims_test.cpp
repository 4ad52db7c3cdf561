// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/claims.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr Micros kSecond = 1'000'000, kNow = 1'700'000'000 * kSecond;

const Rules kRules{"https://id.example", {"us", "us too"}, {"app"}, {"cut"}, 60 * kSecond};

json good() {
  return {{"iss", "https://id.example"}, {"sub", "1"},          {"aud", "us"},
          {"client_id", "app"},          {"scope", "read cut"}, {"iat", 1'700'000'000 - 10},
          {"exp", 1'700'000'000 + 10}};
}

std::string refusal(const json& claims, const json& header = {{"typ", "at+jwt"}},
                    const Rules& rules = kRules) {
  const auto checked = check_access_token(header, claims, rules, kNow);
  if (checked) return "none";
  EXPECT_EQ(checked.error().code, ErrorCode::kUnauthenticated);
  return checked.error().message;
}

json with(const char* name, json value) {
  auto claims = good();
  claims[name] = std::move(value);
  return claims;
}

json without(const char* name) {
  auto claims = good();
  claims.erase(name);
  return claims;
}

TEST(Claims, OfAGoodTokenAreTaken) {
  EXPECT_EQ(refusal(good()), "none");
  EXPECT_EQ(refusal(with("aud", {"others", "us too"})), "none");
  EXPECT_EQ(refusal(with("azp", "app")), "none");
  EXPECT_EQ(refusal(with("scope", json::array({"cut"}))), "none");
}

TEST(Claims, AreOfTheIssuerToTheLetter) {
  for (const auto& other : {json("https://id.example/"), json("HTTPS://id.example"), json(7)})
    EXPECT_THAT(refusal(with("iss", other)), HasSubstr("issuer"));
  EXPECT_THAT(refusal(without("iss")), HasSubstr("issuer"));
}

TEST(Claims, AreForUs) {
  for (const auto& other : {json("u"), json({"others"}), json::array(), json(1), json(nullptr)})
    EXPECT_THAT(refusal(with("aud", other)), HasSubstr("another service")) << other;
  EXPECT_THAT(refusal(without("aud")), HasSubstr("another service"));
}

TEST(Claims, AreOfAClientThatIsTaken) {
  EXPECT_THAT(refusal(with("client_id", "other")), HasSubstr("another client"));
  EXPECT_THAT(refusal(with("azp", "other")), HasSubstr("another client"));
  EXPECT_THAT(refusal(without("client_id")), HasSubstr("does not say to which client"));
  auto rules = kRules;
  rules.clients = {"*"};
  EXPECT_EQ(refusal(with("client_id", "other"), {{"typ", "at+jwt"}}, rules), "none");
}

TEST(Claims, AreOfNow) {
  const auto now = kNow / kSecond;
  EXPECT_EQ(refusal(with("exp", now - 59)), "none") << "within the leeway";
  EXPECT_THAT(refusal(with("exp", now - 60)), HasSubstr("over"));
  EXPECT_THAT(refusal(without("exp")), HasSubstr("no end"));
  EXPECT_EQ(refusal(with("nbf", now + 60)), "none");
  EXPECT_THAT(refusal(with("nbf", now + 61)), HasSubstr("not valid yet"));
  EXPECT_THAT(refusal(with("iat", now + 61)), HasSubstr("future"));
  for (const auto* name : {"exp", "nbf", "iat"})
    for (const auto& odd : {json("1700000100"), json(-1), json(1e300), json(nullptr), json(true)})
      EXPECT_THAT(refusal(with(name, odd)), HasSubstr("is no time")) << name << odd;
}

TEST(Claims, HaveEachScopeThatIsNeeded) {
  EXPECT_THAT(refusal(with("scope", "read cuts")), HasSubstr("lacks the scope 'cut'"));
  auto both = kRules;
  both.scopes = {"cut", "write"};
  EXPECT_THAT(refusal(good(), {{"typ", "at+jwt"}}, both), HasSubstr("'write'"));
}

TEST(Claims, SayWhoseTheTokenIs) {
  EXPECT_THAT(refusal(without("sub")), HasSubstr("whose"));
  EXPECT_THAT(refusal(with("sub", "")), HasSubstr("whose"));
  EXPECT_THAT(refusal(with("sub", 1)), HasSubstr("whose"));
}

TEST(Kind, AHeaderOfAccessTokensIsEnough) {
  auto rules = kRules;
  rules.scopes.clear();
  EXPECT_EQ(refusal(without("scope"), {{"typ", "application/at+JWT"}}, rules), "none");
  for (const auto* other : {"logout+jwt", "dpop+jwt", "JOSE", ""})
    EXPECT_THAT(refusal(good(), {{"typ", other}}), HasSubstr("no access token")) << other;
  EXPECT_THAT(refusal(good(), {{"typ", 1}}), HasSubstr("no access token"));
}

TEST(Kind, KeycloakSaysItAmongTheClaims) {
  EXPECT_EQ(refusal(with("typ", "Bearer"), {{"typ", "JWT"}}), "none");
  for (const auto& other : {json("ID"), json("Refresh"), json("Logout"), json(1)})
    EXPECT_THAT(refusal(with("typ", other), {{"typ", "JWT"}}), HasSubstr("no access token"));
}

TEST(Kind, AnIdTokenIsNoAccessToken) {
  for (const auto& header : {json::object(), json{{"typ", "JWT"}}}) {
    EXPECT_EQ(refusal(good(), header), "none");
    for (const auto* tie : {"nonce", "at_hash", "c_hash", "s_hash"})
      EXPECT_THAT(refusal(with(tie, "x"), header), HasSubstr("an id_token")) << tie;
    EXPECT_THAT(refusal(without("scope"), header), HasSubstr("as an id_token"));
  }
}

std::string told(const json& over) {
  json said{{"active", true}, {"client_id", "app"}, {"scope", "cut"}, {"token_type", "Bearer"}};
  said.update(over);
  const auto checked = check_introspection(said, kRules, kNow);
  return checked ? "none" : checked.error().message;
}

TEST(Introspection, ChecksWhatIsSaid) {
  EXPECT_EQ(told(json::object()), "none");
  for (const auto& no : {json(false), json("true"), json(1), json(nullptr)})
    EXPECT_THAT(told({{"active", no}}), HasSubstr("does not know it")) << no;
  EXPECT_THAT(check_introspection(json::object(), kRules, kNow).error().message,
              HasSubstr("does not know it"));
  EXPECT_THAT(told({{"client_id", "other"}}), HasSubstr("another client"));
  EXPECT_THAT(told({{"client_id", nullptr}}), HasSubstr("another client"));
  EXPECT_THAT(told({{"aud", "others"}}), HasSubstr("another service"));
  EXPECT_THAT(told({{"iss", "https://other"}}), HasSubstr("issuer"));
  EXPECT_THAT(told({{"exp", kNow / kSecond - 60}}), HasSubstr("over"));
  EXPECT_THAT(told({{"nbf", kNow / kSecond + 61}}), HasSubstr("not valid yet"));
  EXPECT_THAT(told({{"scope", "read"}}), HasSubstr("lacks the scope"));
  EXPECT_THAT(told({{"token_type", "refresh_token"}}), HasSubstr("no access token"));
}

}  // namespace
}  // namespace recorte::auth::oidc
