// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/authenticator.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::ldap {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class LdapAuthenticator : public testing::Test {
 protected:
  Result<std::optional<account::Identity>> sign_in(const std::string& user,
                                                   const std::string& password) {
    Credentials credentials;
    credentials.kind = Credentials::Kind::kBasic;
    credentials.user = user;
    credentials.secret = password;
    return authenticator_->identify(credentials);
  }
  ErrorCode refused(const std::string& user, const std::string& password) {
    const auto verdict = sign_in(user, password);
    return verdict ? ErrorCode::kInternal : verdict.error().code;
  }

  int asked_ = 0;
  Result<std::optional<Person>> answer_ =
      Person{"uid=ann,dc=x", "ann", "ann@example.org", {"astro", "des"}};
  std::unique_ptr<Authenticator> authenticator_ = authenticator(
      [this](const std::string&, const std::string&) {
        ++asked_;
        return answer_;
      },
      60'000'000);
};

TEST_F(LdapAuthenticator, SaysWhoItIs) {
  const auto verdict = sign_in("ANN", "secret");
  ASSERT_TRUE(verdict && *verdict);
  EXPECT_EQ((*verdict)->source, "ldap");
  EXPECT_EQ((*verdict)->subject, "uid=ann,dc=x");
  EXPECT_EQ((*verdict)->name, "ann");
  EXPECT_EQ((*verdict)->email, "ann@example.org");
  EXPECT_EQ((*verdict)->method, "ldap");
  EXPECT_EQ((*verdict)->credential, "");
  EXPECT_THAT(*(*verdict)->groups, ElementsAre("astro", "des"));
}

TEST_F(LdapAuthenticator, TakesNamesAndPasswordsOnly) {
  Credentials credentials;
  credentials.secret = "secret";
  for (const auto kind :
       {Credentials::Kind::kNone, Credentials::Kind::kBearer, Credentials::Kind::kSession}) {
    credentials.kind = kind;
    const auto verdict = authenticator_->identify(credentials);
    ASSERT_TRUE(verdict);
    EXPECT_FALSE(*verdict);
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(LdapAuthenticator, WhatCanBeNoneIsRefusedUnasked) {
  EXPECT_EQ(refused("ann", ""), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("", "secret"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("ann\0"s, "secret"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("ann", "sec\0ret"s), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("ann\xFF", "secret"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused(std::string(257, 'a'), "secret"), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("ann", std::string(1025, 'a')), ErrorCode::kUnauthenticated);
  EXPECT_EQ(asked_, 0);
  EXPECT_TRUE(sign_in(std::string(256, 'a'), std::string(1024, 'a')));
  EXPECT_EQ(asked_, 1);
}

TEST_F(LdapAuthenticator, ANoIsOneSentence) {
  answer_ = std::nullopt;
  const auto wrong = sign_in("ann", "wrong");
  const auto none = sign_in("ann", "");
  ASSERT_FALSE(wrong);
  ASSERT_FALSE(none);
  EXPECT_EQ(wrong.error().message, none.error().message);
}

TEST_F(LdapAuthenticator, ADirectoryThatIsAwayIsNoNo) {
  answer_ = fail(ErrorCode::kUnavailable, "ldap://10.0.0.1: Can't contact LDAP server");
  const auto verdict = sign_in("ann", "secret");
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(verdict.error().message, testing::Not(HasSubstr("10.0.0.1")));
  answer_ = Person{"uid=ann,dc=x", "ann", "", {}};
  EXPECT_TRUE(sign_in("ann", "secret"));
}

TEST_F(LdapAuthenticator, ANameThatCannotBeOneHereIsSaid) {
  answer_ = Person{"uid=bob (x),dc=x", "bob (x)", "", {}};
  const auto verdict = sign_in("bob (x)", "secret");
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(verdict.error().message, HasSubstr("'bob (x)'"));
}

}  // namespace
}  // namespace recorte::auth::ldap
