// SPDX-License-Identifier: BSD-3-Clause
#include "auth/password/password.hpp"

#include "tests/unit/auth/fakes.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using testing::HasSubstr;

constexpr const char* kPassword = "twelve letters";

class PasswordSignIn : public testing::Test {
 protected:
  PasswordSignIn() {
    accounts_.user("ann");
    accounts_.hashes["ann"] = passwords_.hash(kPassword).value();
    accounts_.user("bob");
  }
  Result<std::optional<account::Identity>> sign_in(const std::string& user,
                                                   const std::string& password) {
    return authenticator_->identify(basic(user, password));
  }
  ErrorCode refused(const std::string& user, const std::string& password) {
    const auto verdict = sign_in(user, password);
    return verdict ? ErrorCode::kInternal : verdict.error().code;
  }
  void make(PasswordOptions options) {
    authenticator_ = password_authenticator(accounts_, passwords_, options);
  }

  static constexpr Passwords::Options kQuick{.passes = 1, .memory = 1 << 20};
  FakeAccounts accounts_;
  Passwords passwords_{kQuick};
  std::unique_ptr<Authenticator> authenticator_ = password_authenticator(accounts_, passwords_, {});
};

TEST_F(PasswordSignIn, SaysWhoItIs) {
  const auto verdict = sign_in("ann", kPassword);
  ASSERT_TRUE(verdict && *verdict);
  EXPECT_EQ((*verdict)->source, account::kOwnSource);
  EXPECT_EQ((*verdict)->subject, "ann");
  EXPECT_EQ((*verdict)->name, "ann");
  EXPECT_EQ((*verdict)->method, "password");
  EXPECT_FALSE((*verdict)->groups) << "an admin's word on groups stands";
}

TEST_F(PasswordSignIn, TakesNamesAndPasswordsOnly) {
  const auto verdict = authenticator_->identify(bearer("ann"));
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(*verdict);
}

TEST_F(PasswordSignIn, NobodyLearnsWhoHasAnAccount) {
  const auto wrong = sign_in("ann", "another password");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kUnauthenticated);
  for (const auto* user : {"bob", "nobody", "", "' or 1=1 --", "Ann", "an\xFFn"}) {
    const auto verdict = sign_in(user, "another password");
    ASSERT_FALSE(verdict) << user;
    EXPECT_EQ(verdict.error().message, wrong.error().message) << user;
  }
  EXPECT_EQ(refused("ann", ""), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused("bob", ""), ErrorCode::kUnauthenticated) << "who has no password";
  EXPECT_EQ(refused("ann", std::string(2000, 'a')), ErrorCode::kUnauthenticated);
}

TEST_F(PasswordSignIn, WhoHasNoneIsForTheNextToJudge) {
  make({.last = false});
  for (const auto* user : {"bob", "nobody"}) {
    const auto verdict = sign_in(user, "another password");
    ASSERT_TRUE(verdict) << user;
    EXPECT_FALSE(*verdict) << user;
  }
  EXPECT_EQ(refused("ann", "another password"), ErrorCode::kUnauthenticated);
  EXPECT_TRUE(sign_in("ann", kPassword).value());
}

TEST_F(PasswordSignIn, AnotherPasswordCountsAtOnce) {
  ASSERT_TRUE(sign_in("ann", kPassword));
  accounts_.hashes["ann"] = passwords_.hash("other twelve letters").value();
  EXPECT_EQ(refused("ann", kPassword), ErrorCode::kUnauthenticated);
  EXPECT_TRUE(sign_in("ann", "other twelve letters"));
  accounts_.hashes["ann"] = "";
  EXPECT_EQ(refused("ann", "other twelve letters"), ErrorCode::kUnauthenticated);
}

TEST_F(PasswordSignIn, AnOldHashIsMadeAnew) {
  const auto old = Passwords({.passes = 1, .memory = 2 << 20}).hash(kPassword).value();
  accounts_.hashes["ann"] = old;
  ASSERT_TRUE(sign_in("ann", kPassword));
  const auto made = accounts_.hashes["ann"];
  EXPECT_NE(made, old);
  EXPECT_FALSE(passwords_.outdated(made));
  ASSERT_TRUE(sign_in("ann", kPassword));
  EXPECT_EQ(accounts_.hashes["ann"], made);
}

TEST_F(PasswordSignIn, APasswordThatIsSetMeanwhileStays) {
  accounts_.hashes["ann"] = Passwords({.passes = 1, .memory = 2 << 20}).hash(kPassword).value();
  accounts_.before_renewal = [this] { accounts_.hashes["ann"] = "set meanwhile"; };
  ASSERT_TRUE(sign_in("ann", kPassword));
  EXPECT_EQ(accounts_.hashes["ann"], "set meanwhile");
}

TEST_F(PasswordSignIn, ADatabaseThatIsAwayIsNoNo) {
  accounts_.up = false;
  EXPECT_EQ(refused("ann", kPassword), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recorte::auth
