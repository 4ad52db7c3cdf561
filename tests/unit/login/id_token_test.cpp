// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/id_token.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr Micros kNow = 1'800'000'000LL * 1'000'000, kLeeway = 60'000'000;

json good() {
  return {{"iss", "https://idp.example"}, {"sub", "7"},           {"aud", "recorte"},
          {"iat", 1'799'999'990},         {"exp", 1'800'000'300}, {"nonce", "n"}};
}

std::string judged(const json& claims) {
  const auto status =
      check_id_token(claims, {"https://idp.example", "recorte", "n", kLeeway}, kNow);
  return status ? "good" : status.error().message;
}

json with(const char* name, const json& value) {
  auto out = good();
  out[name] = value;
  return out;
}
json without(const char* name) {
  auto out = good();
  out.erase(name);
  return out;
}

TEST(IdToken, IsGoodWhereAllIs) {
  EXPECT_EQ(judged(good()), "good");
  EXPECT_EQ(judged(with("aud", json::array({"recorte"}))), "good");
  EXPECT_EQ(judged(with("azp", "recorte")), "good");
  EXPECT_EQ(judged(with("exp", 1'799'999'950)), "good") << "within the leeway";
  EXPECT_EQ(judged(with("exp", 1'800'000'000.5)), "good");
  EXPECT_EQ(judged(with("nbf", 1'800'000'050)), "good") << "within the leeway";
  auto both = with("aud", json::array({"recorte", "other"}));
  both["azp"] = "recorte";
  EXPECT_EQ(judged(both), "good");
}

TEST(IdToken, IsOfThatIssuer) {
  for (const auto& claims : {without("iss"), with("iss", "https://idp.example/"), with("iss", 1)})
    EXPECT_THAT(judged(claims), HasSubstr("another issuer"));
  EXPECT_THAT(judged("no object"), HasSubstr("another issuer"));
}

TEST(IdToken, IsForUsAlone) {
  for (const auto& claims : {without("aud"), with("aud", "other"), with("aud", json::array()),
                             with("aud", json::array({"other"})), with("aud", nullptr)})
    EXPECT_THAT(judged(claims), HasSubstr("(aud)"));
  EXPECT_THAT(judged(with("aud", json::array({"recorte", "other"}))), HasSubstr("(azp)"));
  EXPECT_THAT(judged(with("azp", "other")), HasSubstr("(azp)"));
}

TEST(IdToken, IsGoodForATime) {
  for (const auto& claims : {without("exp"), with("exp", "1800000300"), with("exp", 1'799'999'940),
                             with("exp", nullptr)})
    EXPECT_THAT(judged(claims), HasSubstr("is over"));
  for (const auto& claims : {without("iat"), with("iat", 1'800'000'061)})
    EXPECT_THAT(judged(claims), HasSubstr("future"));
  for (const auto& claims : {with("nbf", 1'800'000'061), with("nbf", "soon")})
    EXPECT_THAT(judged(claims), HasSubstr("not good yet"));
}

TEST(IdToken, SaysWhoseItIs) {
  for (const auto& claims :
       {without("sub"), with("sub", ""), with("sub", 7), with("sub", std::string(256, 'x'))})
    EXPECT_THAT(judged(claims), HasSubstr("whose"));
}

TEST(IdToken, IsOfThisSignIn) {
  EXPECT_THAT(judged(without("nonce")), HasSubstr("(nonce)"));
  EXPECT_THAT(judged(with("nonce", "m")), HasSubstr("(nonce)"));
  EXPECT_TRUE(check_id_token(without("nonce"),
                             {"https://idp.example", "recorte", std::nullopt, kLeeway}, kNow));
}

}  // namespace
}  // namespace recorte::auth
