// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/identity.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;
using namespace testing;

constexpr const char* kSub = "http://cilogon.org/serverA/users/1001";

class ClaimsToIdentity : public Test {
 protected:
  ClaimsToIdentity() { settings.issuer = "https://cilogon.org"; }
  account::Identity of(const json& more) {
    json claims{{"sub", kSub}};
    claims.update(more);
    auto made = identity_of(claims, settings);
    account::Identity none;
    if (!made) none.name = "refused: " + made.error().message;
    return made ? *made : none;
  }
  config::OidcSettings settings;
};

TEST_F(ClaimsToIdentity, IsKnownByIssuerAndSubject) {
  const auto it = of({{"eppn", "alice@illinois.edu"}, {"email", "alice@x.org"}});
  EXPECT_EQ(it.source, "https://cilogon.org");
  EXPECT_EQ(it.subject, kSub);
  EXPECT_EQ(it.email, "alice@x.org");
}

TEST_F(ClaimsToIdentity, HasTheFirstNameThatThereIs) {
  EXPECT_EQ(of({{"eppn", "a@b.org"}, {"preferred_username", "a"}}).name, "a@b.org");
  EXPECT_EQ(of({{"preferred_username", "a"}}).name, "a");
  EXPECT_EQ(of(json::object()).name, "http___cilogon.org_serverA_users_1001");
  settings.name_suffix = "@lab";
  EXPECT_EQ(of({{"preferred_username", "a"}}).name, "a@lab");
  EXPECT_THAT(of({{"sub", std::string(300, 'x')}}).name, AllOf(SizeIs(64), EndsWith("x@lab")));
}

TEST_F(ClaimsToIdentity, IsRefusedWhereItsNameIsNone) {
  EXPECT_THAT(of({{"eppn", "a b"}, {"preferred_username", "a"}}).name,
              StartsWith("refused: its eppn cannot be"));
  EXPECT_THAT(of({{"eppn", "anonymous"}}).name, StartsWith("refused"));
  EXPECT_THAT(of({{"sub", ""}}).name, StartsWith("refused: it does not say whose"));
  EXPECT_THAT(of({{"sub", std::string(1'025, 'x')}}).name, StartsWith("refused"));
}

TEST_F(ClaimsToIdentity, HasGroupsInEachShape) {
  EXPECT_THAT(*of({{"isMemberOf", {"CO:members:active", "des"}}}).groups,
              ElementsAre("CO:members:active", "des"));
  EXPECT_THAT(*of({{"isMemberOf",
                    json::array({{{"name", "des"}, {"id", 17}}, {{"name", "lsst"}, {"id", 18}}})}})
                   .groups,
              ElementsAre("des", "lsst"));
  EXPECT_THAT(*of({{"isMemberOf", "a;b"}}).groups, ElementsAre("a", "b"));
  EXPECT_THAT(*of({{"isMemberOf", {1, {{"id", 1}}, "survey:x", ""}}}).groups, IsEmpty());
  EXPECT_THAT(*of(json::object()).groups, IsEmpty()) << "who is in none any more is in none here";
  settings.group_claims = {"groups", "realm_access.roles"};
  EXPECT_THAT(*of({{"groups", {"/des"}}, {"realm_access", {{"roles", {"cutter"}}}}}).groups,
              ElementsAre("cutter", "des"));
  settings.group_claims.clear();
  EXPECT_FALSE(of({{"isMemberOf", {"des"}}}).groups) << "it has nothing to say of groups";
}

TEST_F(ClaimsToIdentity, HasGroupsAsTheyAreCalledHere) {
  settings.group_map = {"CO:members:active = des", "a=b = c"};
  EXPECT_THAT(*of({{"isMemberOf", {"CO:members:active", "a=b", "admins"}}}).groups,
              ElementsAre("c", "des"));
}

TEST_F(ClaimsToIdentity, HasNoOddEmail) {
  EXPECT_EQ(of({{"email", "none"}}).email, "");
  EXPECT_EQ(of({{"email", std::string(300, 'x') + "@x.org"}}).email, "");
  EXPECT_EQ(of({{"email", 1}}).email, "");
}

}  // namespace
}  // namespace recorte::auth::oidc
