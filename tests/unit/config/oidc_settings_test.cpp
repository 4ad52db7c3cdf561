// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/document.hpp"
#include "core/config/settings.hpp"

#include <gmock/gmock.h>

namespace recorte::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Settings> read(const std::string& text) {
  const auto document = parse_toml(text, "/etc/recorte/recorte.toml");
  if (!document) return fail(document.error());
  return settings_of(*document);
}

std::string complaint(const std::string& text) {
  const auto settings = read(text);
  return settings ? "none" : settings.error().message;
}

/// A section that is whole, and more.
std::string section(const std::string& name, const std::string& more = "") {
  return "[auth.oidc." + name + "]\nissuer = \"https://" + name + ".org\"\nclient = \"us\"\n" +
         more + "\n";
}

TEST(OidcSettings, AreReadByName) {
  const auto settings = read(section("cilogon", R"(
tokens = "opaque"
audiences = ["a", "b"]
group_map = ["CO:members:active = des"]
groups = []
keep_verdicts = "0s"
ca = "ca.pem"
)") + section("lab", "tokens = \"jwt\""));
  ASSERT_TRUE(settings) << settings.error().message;
  ASSERT_EQ(settings->oidc.size(), 2U);
  const auto& it = settings->oidc.at("cilogon");
  EXPECT_EQ(it.issuer, "https://cilogon.org");
  EXPECT_EQ(it.tokens, "opaque");
  EXPECT_THAT(it.audiences, ElementsAre("a", "b"));
  EXPECT_THAT(it.group_map, ElementsAre("CO:members:active = des"));
  EXPECT_TRUE(it.group_claims.empty());
  EXPECT_EQ(it.keep_verdicts, 0);
  EXPECT_EQ(it.ca, "/etc/recorte/ca.pem");
  EXPECT_EQ(settings->oidc.at("lab").leeway, 60'000'000);
}

TEST(OidcSettings, TakeAnIssuerThatNobodyCanPretendToBe) {
  for (const auto* good : {"https://id.example/realms/lab", "http://127.0.0.1:8080"})
    EXPECT_EQ(complaint(std::string("[auth.oidc.a]\nclient = \"us\"\nissuer = \"") + good + "\"\n"),
              "none")
        << good;
  for (const auto* bad : {"http://id.example", "http://127.0.0.1.example/", "https://a@b.example",
                          "https://id.example/?x=1", "id.example", "ftp://id.example"}) {
    const auto said =
        complaint(std::string("[auth.oidc.a]\nclient = \"us\"\nissuer = \"") + bad + "\"\n");
    EXPECT_THAT(said, HasSubstr("/etc/recorte/recorte.toml:3")) << bad;
    EXPECT_THAT(said, HasSubstr("issuer")) << bad;
  }
}

TEST(OidcSettings, TakeNoAlgorithmWithASharedSecret) {
  for (const auto* bad : {"HS256", "none", "rs256"})
    EXPECT_THAT(complaint(section("a", std::string("algorithms = [\"") + bad + "\"]")),
                HasSubstr("is no algorithm that tokens may be signed with"))
        << bad;
}

TEST(OidcSettings, AreRefusedWhereTheyAreNotWhole) {
  EXPECT_THAT(complaint("[auth.oidc.a]\nclient = \"us\"\n"), HasSubstr("names no issuer"));
  EXPECT_THAT(complaint("[auth.oidc.a]\nissuer = \"https://a.org\"\n"),
              HasSubstr("names no client"));
  EXPECT_THAT(complaint(section("a", "tokens = \"both\"")), HasSubstr("jwt, opaque, any"));
  EXPECT_THAT(complaint(section("a", "group_map = [\"x\"]")), HasSubstr("maps no group"));
  EXPECT_THAT(complaint(section("a", "secret = \"hunter2\"")), HasSubstr("does not stand in this"));
  EXPECT_THAT(complaint(section("a", "isuer = \"x\"")), HasSubstr("did you mean issuer"));
}

TEST(OidcSettings, OfTwoProvidersGoTogether) {
  EXPECT_THAT(complaint(section("a") + section("b")), HasSubstr("both have opaque tokens"));
  EXPECT_EQ(complaint(section("a") + section("b", "tokens = \"jwt\"")), "none");
  EXPECT_EQ(
      complaint(section("a", "token_prefix = \"x-\"") + section("b", "token_prefix = \"y-\"")),
      "none");
  EXPECT_THAT(
      complaint(section("a", "token_prefix = \"x\"") + section("b", "token_prefix = \"xy\"")),
      HasSubstr("token_prefix in each"));
  EXPECT_THAT(complaint(section("a", "tokens = \"jwt\"") +
                        "[auth.oidc.b]\nissuer = \"https://a.org\"\nclient = \"us\"\n"),
              HasSubstr("have one issuer"));
}

}  // namespace
}  // namespace recorte::config
