// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings.hpp"

#include "core/config/document.hpp"
#include "core/config/settings_ldap.hpp"

#include <gmock/gmock.h>

namespace recorte::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Settings> read(const std::string& text) {
  const auto document = parse_toml("[auth.ldap]\n" + text, "/etc/recorte/recorte.toml");
  if (!document) return fail(document.error());
  return settings_of(*document);
}

std::string complaint(const std::string& text) {
  const auto settings = read(text);
  return settings ? "" : settings.error().message;
}

const std::string kGood = R"(urls = ["ldap://ldap.example.org"]
base = "ou=people,dc=example,dc=org"
)";

TEST(LdapSettings, AreRead) {
  const auto settings = read(kGood + R"x(bind = "cn=recorte,dc=example,dc=org"
secret = { env = "LDAP_SECRET" }
filter = "(&(objectClass=person)(uid={user}))"
subject = "entryUUID"
group_base = "ou=groups,dc=example,dc=org"
group_name = "ldap-{name}"
timeout = "1.5s"
cache = "0s"
)x");
  ASSERT_TRUE(settings) << settings.error().message;
  const auto& ldap = settings->ldap;
  EXPECT_THAT(ldap.urls, ElementsAre("ldap://ldap.example.org"));
  EXPECT_EQ(ldap.secret.name, "LDAP_SECRET");
  EXPECT_EQ(ldap.subject, "entryUUID");
  EXPECT_EQ(ldap.timeout, 1'500'000);
  EXPECT_EQ(ldap.cache, 0);
}

TEST(LdapSettings, UrlsAreOfDirectories) {
  EXPECT_EQ(*parse_ldap_url("LDAPS://Ldap.Example.ORG:636/"), "ldaps://ldap.example.org:636");
  EXPECT_EQ(*parse_ldap_url("ldap://[::1]"), "ldap://[::1]");
  EXPECT_EQ(*parse_ldap_url(" ldap://[::1]:389 "), "ldap://[::1]:389");
  for (const auto* bad :
       {"ldap.example.org", "http://a.org", "ldapi:///run/slapd", "ldap://", "ldap://a.org/dc=x",
        "ldap://a.org:0", "ldap://a.org:70000", "ldap://u:p@a.org", "ldap://a.org?x", "://a"})
    EXPECT_FALSE(parse_ldap_url(bad)) << bad;
}

TEST(LdapSettings, LoopbackIsToldApart) {
  for (const auto* here :
       {"ldap://127.0.0.1", "ldap://127.1.2.3:389", "ldap://localhost:1389", "ldaps://[::1]:636"})
    EXPECT_TRUE(is_loopback_url(here)) << here;
  for (const auto* away : {"ldap://127.example.org", "ldap://localhost.example.org",
                           "ldap://10.0.0.1", "ldap://[::2]:1", "ldap://[fe80::1]"})
    EXPECT_FALSE(is_loopback_url(away)) << away;
}

TEST(LdapSettings, PasswordsLeaveThisMachineEncryptedOnly) {
  EXPECT_THAT(complaint(kGood + "plain = true\n"),
              testing::AllOf(HasSubstr("recorte.toml:4"), HasSubstr("ldap://ldap.example.org")));
  EXPECT_EQ(complaint("urls = [\"ldap://127.0.0.1:1389\", \"ldap://localhost\"]\nbase = \"dc=x\"\n"
                      "plain = true\n"),
            "");
  EXPECT_NE(complaint("urls = [\"ldap://127.0.0.1\", \"ldap://10.0.0.1\"]\nbase = \"dc=x\"\n"
                      "plain = true\n"),
            "");
}

TEST(LdapSettings, WhatBelongsTogetherIsThere) {
  EXPECT_EQ(complaint(kGood), "");
  EXPECT_THAT(complaint("urls = [\"ldap://a.org\"]\n"), HasSubstr("needs a base"));
  EXPECT_THAT(complaint("base = \"dc=x\"\n"), HasSubstr("no directory"));
  EXPECT_THAT(complaint(kGood + "bind = \"cn=x\"\n"), HasSubstr("go together"));
  EXPECT_THAT(complaint(kGood + "secret = { env = \"X\" }\n"), HasSubstr("go together"));
}

TEST(LdapSettings, FiltersHaveTheNameInThem) {
  for (const auto* bad :
       {"uid={user}", "(uid=ann)", "(uid={user}", "(uid={user}))", "(a)(uid={user})",
        "(uid={user})(x={dn})", "(&(uid={user})(x={other}))", "(uid={user)"})
    EXPECT_THAT(complaint(kGood + "filter = \"" + bad + "\"\n"), HasSubstr("filter")) << bad;
  EXPECT_EQ(complaint(kGood + "group_filter = \"(member={dn})\"\n"), "");
  EXPECT_NE(complaint(kGood + "group_filter = \"(cn=x)\"\n"), "");
  EXPECT_NE(complaint(kGood + "group_name = \"x\"\n"), "");
  EXPECT_NE(complaint(kGood + "group_name = \"{user}\"\n"), "");
  EXPECT_NE(complaint(kGood + "user = \"uid)(x=*\"\n"), "");
  EXPECT_NE(complaint(kGood + "bind = \"admin\"\nsecret = { env = \"X\" }\n"), "");
}

}  // namespace
}  // namespace recorte::config
