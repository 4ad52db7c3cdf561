// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/name.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::ldap {
namespace {

using testing::ElementsAre;

TEST(LdapName, IsTakenApart) {
  const auto parts = name_parts("CN=Sky\\, deep,ou=groups, dc=example");
  ASSERT_TRUE(parts);
  EXPECT_THAT(*parts,
              ElementsAre(Part{"cn", "Sky, deep"}, Part{"ou", "groups"}, Part{"dc", "example"}));
  EXPECT_THAT(*name_parts("uid=b+cn=a,dc=x"),
              ElementsAre(Part{"", "cn=a+uid=b+"}, Part{"dc", "x"}));
}

TEST(LdapName, WhatIsNoneIsToldApart) {
  EXPECT_FALSE(name_parts("astro"));
  EXPECT_FALSE(name_parts("cn=astro,"));
  EXPECT_FALSE(name_parts(std::string("cn=a\0,dc=x", 10)));
}

TEST(LdapName, LiesBeneathAnother) {
  EXPECT_TRUE(is_beneath("cn=astro,ou=groups,dc=x", "ou=groups,dc=x"));
  EXPECT_TRUE(is_beneath("cn=astro,OU=Groups, dc=X", "ou=groups,DC=x"));
  EXPECT_TRUE(is_beneath("cn=a,ou=b,ou=groups,dc=x", "ou=groups,dc=x"));
  EXPECT_FALSE(is_beneath("ou=groups,dc=x", "ou=groups,dc=x"));
  EXPECT_FALSE(is_beneath("cn=astro,ou=others,dc=x", "ou=groups,dc=x"));
  EXPECT_FALSE(is_beneath("cn=astro\\,ou\\=groups,dc=x", "ou=groups,dc=x"));
  EXPECT_FALSE(is_beneath("astro", "ou=groups,dc=x"));
}

}  // namespace
}  // namespace recorte::auth::ldap
