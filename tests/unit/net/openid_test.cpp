// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/openid.hpp"

#include <gmock/gmock.h>

namespace recorte::net {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kIssuer = "https://id.example/realms/lab";

json document() {
  return {{"issuer", kIssuer},
          {"jwks_uri", "https://id.example/keys"},
          {"authorization_endpoint", "https://id.example/auth"},
          {"token_endpoint", "https://id.example/token"},
          {"introspection_endpoint", "https://id.example/introspect"}};
}

std::string wrong(const json& over, const std::vector<std::string>& hosts = {}) {
  auto whole = document();
  whole.update(over);
  const auto read = read_discovery(kIssuer, hosts, whole);
  if (read) return "nothing";
  EXPECT_EQ(read.error().code, ErrorCode::kData);
  EXPECT_THAT(read.error().message, HasSubstr(discovery_url(kIssuer)));
  return read.error().message;
}

TEST(Discovery, IsWhereTheIssuerSays) {
  EXPECT_EQ(discovery_url(kIssuer),
            "https://id.example/realms/lab/.well-known/openid-configuration");
  EXPECT_EQ(discovery_url("https://id.example/"),
            "https://id.example/.well-known/openid-configuration");
}

TEST(Discovery, NamesEndpoints) {
  const auto read = read_discovery(kIssuer, {}, document());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->keys, "https://id.example/keys");
  EXPECT_EQ(read->introspection, "https://id.example/introspect");
  EXPECT_EQ(read->userinfo, "");
  EXPECT_TRUE(read->basic);
  EXPECT_FALSE(read->names_issuer);
}

TEST(Discovery, IsOfThatIssuerToTheLetter) {
  EXPECT_THAT(wrong({{"issuer", kIssuer + "/"}}), HasSubstr("to the slash at its end"));
  EXPECT_THAT(wrong({{"issuer", 1}}), HasSubstr("its issuer is 1"));
  EXPECT_FALSE(read_discovery(kIssuer, {}, json::array()));
}

TEST(Discovery, LeadsToNoOtherHost) {
  EXPECT_THAT(wrong({{"jwks_uri", "https://evil.example/keys"}}), HasSubstr("another host"));
  EXPECT_THAT(wrong({{"jwks_uri", "https://id.example:8443/keys"}}), HasSubstr("another host"));
  EXPECT_THAT(wrong({{"introspection_endpoint", "https://169.254.169.254/"}}),
              HasSubstr("introspection_endpoint is at https://169.254.169.254, another host"));
  EXPECT_EQ(wrong({{"jwks_uri", "https://keys.example/"}}, {"keys.example"}), "nothing");
}

TEST(Discovery, LeadsToNoPlainHttp) {
  EXPECT_THAT(wrong({{"token_endpoint", "http://id.example/token"}}), HasSubstr("is not https"));
  EXPECT_THAT(wrong({{"token_endpoint", "http://127.0.0.1/token"}}, {"127.0.0.1"}),
              HasSubstr("is not https"))
      << "an issuer elsewhere leads nowhere on this machine";
  EXPECT_THAT(wrong({{"token_endpoint", "file:///etc/passwd"}}), HasSubstr("token_endpoint"));
}

TEST(Discovery, HasWhatIsNeeded) {
  for (const auto* name : {"jwks_uri", "authorization_endpoint", "token_endpoint", "issuer"}) {
    auto less = document();
    less.erase(name);
    EXPECT_FALSE(read_discovery(kIssuer, {}, less)) << name;
    EXPECT_NE(wrong({{name, 7}}), "nothing") << name;
  }
}

TEST(Discovery, SaysHowASecretIsShown) {
  const auto basic = [](const json& methods) {
    auto whole = document();
    whole["token_endpoint_auth_methods_supported"] = methods;
    return read_discovery(kIssuer, {}, whole)->basic;
  };
  EXPECT_FALSE(basic({"client_secret_post"}));
  EXPECT_TRUE(basic({"client_secret_post", "client_secret_basic"}));
  EXPECT_TRUE(basic({"private_key_jwt"}));
}

}  // namespace
}  // namespace recorte::net
