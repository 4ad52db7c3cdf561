// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/user_sessions.hpp"

#include "core/db/accounts.hpp"
#include "core/db/admin.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

namespace recorte::db {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class UserSessionsOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
    for (const auto* name : {"ada", "bea"}) {
      account::User user;
      user.name = name;
      ASSERT_TRUE(Accounts(database()).add(user));
    }
    sessions_ = std::make_unique<UserSessions>(database());
  }
  static account::Session session(const std::string& id, Micros created,
                                  const std::string& user = "ada") {
    return {id, user, "oidc", "Firefox", "192.0.2.1", created, created, created + 1'000};
  }
  std::unique_ptr<UserSessions> sessions_;
};
INSTANTIATE_ON_BOTH(UserSessionsOnBoth);

TEST_P(UserSessionsOnBoth, AreFoundByTheirHash) {
  ASSERT_TRUE(sessions_->add(session("s1", 5), "hash1", 0));
  const auto found = UserSessions(database()).find("hash1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "s1");
  EXPECT_EQ(found->user, "ada");
  EXPECT_EQ(found->method, "oidc");
  EXPECT_EQ(found->agent, "Firefox");
  EXPECT_EQ(found->address, "192.0.2.1");
  EXPECT_EQ(found->created, 5);
  EXPECT_EQ(found->seen, 5);
  EXPECT_EQ(found->expires, 1'005);
  EXPECT_FALSE(sessions_->find("s1").value());
}

TEST_P(UserSessionsOnBoth, AreListedTheNewestFirstAndNotedAsSeen) {
  ASSERT_TRUE(sessions_->add(session("s1", 5), "hash1", 0));
  ASSERT_TRUE(sessions_->add(session("s2", 7), "hash2", 0));
  ASSERT_TRUE(sessions_->add(session("s3", 6, "bea"), "hash3", 0));
  ASSERT_TRUE(sessions_->touch("s1", 9, "192.0.2.9"));
  ASSERT_TRUE(sessions_->touch("s1", 8, "192.0.2.8"));
  const auto all = sessions_->list("ada").value();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].id, "s2");
  EXPECT_EQ(all[1].seen, 9) << "whoever comes late takes nothing back";
  EXPECT_EQ(all[1].address, "192.0.2.9");
}

TEST_P(UserSessionsOnBoth, EndByTheirUserAndWithTheAccount) {
  ASSERT_TRUE(sessions_->add(session("s1", 5), "hash1", 0));
  ASSERT_TRUE(sessions_->add(session("s2", 6), "hash2", 0));
  EXPECT_EQ(sessions_->end("s1", "bea").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(sessions_->end("s1", "ada"));
  EXPECT_EQ(sessions_->end("s1", "ada").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(sessions_->find("hash1").value());
  ASSERT_TRUE(Accounts(database()).remove("ada"));
  EXPECT_FALSE(sessions_->find("hash2").value());
}

TEST_P(UserSessionsOnBoth, ThoseThatEndedByThemselvesGo) {
  ASSERT_TRUE(sessions_->add(session("s1", 5), "hash1", 0));
  ASSERT_TRUE(sessions_->add(session("s2", 1'500), "hash2", 0));
  EXPECT_FALSE(sessions_->find("hash1").value()) << "it expired at 1005";
  ASSERT_TRUE(sessions_->add(session("s3", 1'600), "hash3", 1'501));
  EXPECT_FALSE(sessions_->find("hash2").value()) << "nobody has seen it since 1501";
  EXPECT_TRUE(sessions_->find("hash3").value());
}

TEST_P(UserSessionsOnBoth, WhatIsGoodOnceIsGoodOnce) {
  EXPECT_TRUE(sessions_->spend("one", 100, 1).value());
  EXPECT_FALSE(sessions_->spend("one", 100, 2).value());
  EXPECT_FALSE(UserSessions(database()).spend("one", 100, 3).value()) << "of another server";
  EXPECT_TRUE(sessions_->spend("two", 200, 4).value());
  EXPECT_TRUE(sessions_->spend("one", 300, 101).value()) << "forgotten, once nobody takes it";
}

}  // namespace
}  // namespace recorte::db
