// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/tokens.hpp"

#include "core/db/accounts.hpp"
#include "core/db/admin.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

namespace recorte::db {
namespace {

using account::Token;
using testing::ElementsAre;

constexpr Micros kMinute = 60'000'000;

class TokensOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
    tokens_ = std::make_unique<Tokens>(database());
    for (const auto* name : {"ada", "bea"}) {
      account::User user;
      user.name = name;
      user.groups = {"des"};
      ASSERT_TRUE(Accounts(database()).add(user));
    }
  }
  static Token token(const std::string& id, const std::string& user, Micros created = 1) {
    Token out;
    out.id = id;
    out.user = user;
    out.created = created;
    return out;
  }
  std::unique_ptr<Tokens> tokens_;
};
INSTANTIATE_ON_BOTH(TokensOnBoth);

TEST_P(TokensOnBoth, AreFoundByTheirHashWithTheirUser) {
  auto made = token("t1", "ada", 5);
  made.name = "laptop";
  made.scopes = {true, true, false, {"des"}};
  made.expires = 9;
  ASSERT_TRUE(tokens_->add(made, "hash1"));
  const auto found = Tokens(database()).find("hash1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token.id, "t1");
  EXPECT_EQ(found->token.name, "laptop");
  EXPECT_THAT(account::scope_words(found->token.scopes),
              ElementsAre("read", "submit", "survey:des"));
  EXPECT_EQ(found->token.created, 5);
  EXPECT_EQ(found->token.expires, 9);
  EXPECT_EQ(found->token.revoked, 0);
  EXPECT_EQ(found->user.name, "ada");
  EXPECT_THAT(found->user.groups, ElementsAre("des"));
  EXPECT_FALSE(tokens_->find("hash2").value());
  EXPECT_EQ(tokens_->add(token("t2", "nobody"), "hash2").error().code, ErrorCode::kNotFound);
}

TEST_P(TokensOnBoth, AreRevokedAtOnceForAll) {
  Tokens others(database());
  ASSERT_TRUE(tokens_->add(token("t1", "ada"), "hash1"));
  EXPECT_EQ(tokens_->revoke("t1", "bea").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(others.find("hash1").value()->token.revoked, 0);
  ASSERT_TRUE(tokens_->revoke("t1", "ada"));
  const auto when = others.find("hash1").value()->token.revoked;
  EXPECT_GT(when, 0);
  ASSERT_TRUE(tokens_->revoke("t1", ""));
  EXPECT_EQ(others.find("hash1").value()->token.revoked, when);
  EXPECT_EQ(tokens_->revoke("t2", "").error().code, ErrorCode::kNotFound);
}

TEST_P(TokensOnBoth, AreListedOfOneUserOrOfAll) {
  ASSERT_TRUE(tokens_->add(token("old", "ada", 1), "h1"));
  ASSERT_TRUE(tokens_->add(token("new", "ada", 2), "h2"));
  ASSERT_TRUE(tokens_->add(token("beas", "bea", 3), "h3"));
  const auto ids = [&](const std::string& user) {
    std::vector<std::string> out;
    const auto all = tokens_->list(user).value();
    for (const auto& each : all) out.push_back(each.id);
    return out;
  };
  EXPECT_THAT(ids("ada"), ElementsAre("new", "old"));
  EXPECT_THAT(ids(""), ElementsAre("beas", "new", "old"));
}

TEST_P(TokensOnBoth, TheirUseIsNotedOnceAMinute) {
  ASSERT_TRUE(tokens_->add(token("t1", "ada"), "h1"));
  const auto used = [&] { return tokens_->find("h1").value()->token; };
  const Micros start = 1'000 * kMinute;
  ASSERT_TRUE(tokens_->touch("t1", start, "192.0.2.1"));
  EXPECT_EQ(used().used, start);
  ASSERT_TRUE(tokens_->touch("t1", start + kMinute - 1, "192.0.2.2"));
  EXPECT_EQ(used().used, start);
  EXPECT_EQ(used().used_from, "192.0.2.1");
  ASSERT_TRUE(tokens_->touch("t1", start + kMinute, "192.0.2.2"));
  EXPECT_EQ(used().used_from, "192.0.2.2");
}

}  // namespace
}  // namespace recorte::db
