// SPDX-License-Identifier: BSD-3-Clause
#include "auth/session/browser_sessions.hpp"
#include "tests/unit/login/fake_provider.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr Micros kMinute = 60'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;

class BrowserSessionsTest : public testing::Test {
 protected:
  BrowserSessions::Opened open(const std::string& user = "eva") {
    return sessions.open(user, "oidc", "192.0.2.1", "Firefox").value();
  }
  bool good(const std::string& secret) {
    return sessions.find(secret, "192.0.2.2").value().has_value();
  }

  Micros now = 1'800'000'000LL * 1'000'000;
  const account::Keys keys = account::Keys::of(std::string(32, 'k')).value();
  SessionsInMemory store;
  BrowserSessions sessions{
      store, keys, {.idle = kHour, .lifetime = kDay, .clock = [this] { return now; }}};
  SessionAuthenticator authenticator{sessions};
};

TEST_F(BrowserSessionsTest, ACookieIsWorthItsSession) {
  const auto opened = open();
  EXPECT_EQ(opened.secret.size(), 64U);
  Credentials credentials;
  credentials.kind = Credentials::Kind::kSession;
  credentials.secret = opened.secret;
  const auto identity = authenticator.identify(credentials).value().value();
  EXPECT_EQ(identity.source, account::kOwnSource);
  EXPECT_EQ(identity.subject, "eva");
  EXPECT_EQ(identity.method, "session");
  EXPECT_EQ(identity.credential, opened.session.id);
  EXPECT_EQ(identity.groups, std::nullopt) << "a session says nothing of groups";
}

TEST_F(BrowserSessionsTest, WhatIsKeptIsNotWorthIt) {
  const auto opened = open();
  ASSERT_THAT(store.all, SizeIs(1));
  const auto& [hash, kept] = *store.all.begin();
  EXPECT_NE(hash, opened.secret);
  EXPECT_THAT(opened.secret, Not(HasSubstr(kept.id)));
  EXPECT_FALSE(good(hash));
  EXPECT_FALSE(good(kept.id));
}

TEST_F(BrowserSessionsTest, OtherCredentialsAreOthersToJudge) {
  Credentials credentials;
  credentials.kind = Credentials::Kind::kBearer;
  credentials.secret = open().secret;
  EXPECT_EQ(authenticator.identify(credentials).value(), std::nullopt);
}

TEST_F(BrowserSessionsTest, UnknownOnesAreOver) {
  Credentials credentials;
  credentials.kind = Credentials::Kind::kSession;
  for (const auto& secret : {std::string(), std::string(64, 'a'), std::string(100'000, 'a')}) {
    credentials.secret = secret;
    const auto identity = authenticator.identify(credentials);
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, ErrorCode::kUnauthenticated);
  }
}

TEST_F(BrowserSessionsTest, AreOverWhenNobodyUsesThem) {
  const auto secret = open().secret;
  for (int i = 0; i < 10; ++i) {
    now += kHour - kMinute;
    EXPECT_TRUE(good(secret)) << "each use begins the hour anew";
  }
  now += kHour;
  EXPECT_FALSE(good(secret));
  EXPECT_THAT(sessions.list("eva").value(), IsEmpty());
}

TEST_F(BrowserSessionsTest, AreOverAtTheLatestAfterTheirLifetime) {
  const auto secret = open().secret;
  for (int i = 0; i < 47; ++i) {
    now += kHour / 2;
    ASSERT_TRUE(good(secret)) << i;
  }
  now += kHour / 2;
  EXPECT_FALSE(good(secret));
}

TEST_F(BrowserSessionsTest, UseIsNotedOnceAMinute) {
  const auto secret = open().secret;
  for (int i = 0; i < 100; ++i) good(secret);
  EXPECT_EQ(store.touched, 0);
  now += kMinute;
  for (int i = 0; i < 100; ++i) good(secret);
  EXPECT_EQ(store.touched, 1);
  EXPECT_EQ(sessions.list("eva")->front().address, "192.0.2.2");
}

TEST_F(BrowserSessionsTest, AreEndedByTheirUserAlone) {
  const auto opened = open();
  EXPECT_EQ(sessions.end(opened.session.id, "mallory").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(good(opened.secret));
  EXPECT_TRUE(sessions.end(opened.session.id, "eva"));
  EXPECT_FALSE(good(opened.secret));
}

}  // namespace
}  // namespace recorte::auth
