// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/accounts.hpp"

#include "core/db/admin.hpp"
#include "core/db/tokens.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace recorte::db {
namespace {

using account::Identity;
using account::User;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kIssuer = "https://id.example.org";

class AccountsOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
    accounts_ = std::make_unique<Accounts>(database());
  }
  std::string value(const std::string& sql) { return Look::into(database())->value(sql); }
  void run(const std::string& sql) { Look::into(database())->run(sql); }

  std::unique_ptr<Accounts> accounts_;
};
INSTANTIATE_ON_BOTH(AccountsOnBoth);

User user(const std::string& name, std::vector<std::string> groups = {}) {
  User out;
  out.name = name;
  out.groups = std::move(groups);
  return out;
}

Identity identity(const std::string& subject, const std::string& name) {
  Identity out;
  out.source = kIssuer;
  out.subject = subject;
  out.name = name;
  return out;
}

Identity own(const std::string& name) {
  Identity out;
  out.source = account::kOwnSource;
  out.subject = out.name = name;
  return out;
}

void expect_refused(const Result<User>& result, ErrorCode code, const std::string& words) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, code);
  EXPECT_THAT(result.error().message, HasSubstr(words));
}

TEST_P(AccountsOnBoth, KeepWhatTheyAreGiven) {
  auto ada = user("ada", {"des", "astro", "des"});
  ada.email = "ada@example.org";
  ada.service = true;
  ASSERT_TRUE(accounts_->add(ada));
  const auto kept = accounts_->find("ada").value();
  EXPECT_EQ(kept.email, "ada@example.org");
  EXPECT_TRUE(kept.service && kept.enabled);
  EXPECT_FALSE(kept.has_password);
  EXPECT_THAT(kept.groups, ElementsAre("astro", "des"));
  EXPECT_GT(kept.created, 0);
  EXPECT_EQ(kept.seen, 0);
  ASSERT_TRUE(accounts_->add(user("Bea")));
  const auto all = accounts_->list().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(all[0].name + all[1].name, testing::AnyOf("adaBea", "Beaada"));
}

TEST_P(AccountsOnBoth, HaveNamesThatNobodyElseHasButForCapitals) {
  ASSERT_TRUE(accounts_->add(user("ada")));
  for (const auto* name : {"ada", "ADA"}) {
    const auto again = accounts_->add(user(name));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kUsage);
  }
  EXPECT_FALSE(accounts_->add(user("anonymous")));
  EXPECT_FALSE(accounts_->add(user("eve", {"survey:des"})));
  EXPECT_EQ(value("select count(*) from account"), "1");
}

TEST_P(AccountsOnBoth, AreChangedAsAWholeOrNotAtAll) {
  ASSERT_TRUE(accounts_->add(user("ada", {"des"})));
  const auto changed = accounts_->change("ada", [](User& user) -> Status {
    user.groups = {"lsst", "des"};
    user.enabled = false;
    return {};
  });
  ASSERT_TRUE(changed);
  EXPECT_THAT(accounts_->find("ada").value().groups, ElementsAre("des", "lsst"));
  EXPECT_FALSE(accounts_->find("ada").value().enabled);
  const auto undone = accounts_->change("ada", [](User& user) -> Status {
    user.groups.clear();
    return fail(ErrorCode::kUsage, "no");
  });
  EXPECT_FALSE(undone);
  EXPECT_THAT(accounts_->find("ada").value().groups, ElementsAre("des", "lsst"));
  expect_refused(accounts_->change("eve", [](User&) { return Status(); }), ErrorCode::kNotFound,
                 "eve");
}

TEST_P(AccountsOnBoth, AreMadeAtTheFirstSignInAndKeptTo) {
  auto first = identity("7", "ada");
  first.email = "ada@example.org";
  first.groups = {{"des", "survey:secret", "des", "astro"}};
  const auto made = accounts_->sign_in(first).value();
  EXPECT_EQ(made.name, "ada");
  EXPECT_THAT(made.told_groups, ElementsAre("astro", "des"));
  EXPECT_GT(made.told, 0);
  const auto again = accounts_->sign_in(identity("7", "another")).value();
  EXPECT_EQ(again.name, "ada");
  EXPECT_THAT(again.told_groups, ElementsAre("astro", "des"));  // it said nothing of groups
  first.groups = std::vector<std::string>();
  EXPECT_THAT(accounts_->sign_in(first).value().told_groups, IsEmpty());
  EXPECT_EQ(value("select count(*) from account"), "1");
}

TEST_P(AccountsOnBoth, NobodyBecomesSomebodyElseByANameElsewhere) {
  ASSERT_TRUE(accounts_->add(user("ada")));
  expect_refused(accounts_->sign_in(identity("7", "Ada")), ErrorCode::kForbidden,
                 "recorte user link");
  ASSERT_TRUE(accounts_->link("ada", kIssuer, "7"));
  EXPECT_EQ(accounts_->sign_in(identity("7", "Ada")).value().name, "ada");
  expect_refused(accounts_->sign_in(identity("8", "ada")), ErrorCode::kForbidden, "another");
  ASSERT_TRUE(accounts_->add(user("bea")));
  EXPECT_FALSE(accounts_->link("bea", kIssuer, "7"));
  EXPECT_FALSE(accounts_->link("bea", "recorte", "ada"));
}

TEST_P(AccountsOnBoth, SwitchedOffOrRemovedAreRefused) {
  ASSERT_TRUE(accounts_->add(user("ada")));
  EXPECT_TRUE(accounts_->sign_in(own("ada")));
  ASSERT_TRUE(accounts_->change("ada", [](User& user) -> Status {
    user.enabled = false;
    return {};
  }));
  expect_refused(accounts_->sign_in(own("ada")), ErrorCode::kForbidden, "switched off");
  ASSERT_TRUE(accounts_->remove("ada"));
  expect_refused(accounts_->sign_in(own("ada")), ErrorCode::kForbidden, "no account");
  EXPECT_FALSE(accounts_->remove("ada"));
}

TEST_P(AccountsOnBoth, NamesOfThoseRemovedAreNobodysWhoSignsIn) {
  ASSERT_TRUE(accounts_->sign_in(identity("7", "ada")));
  ASSERT_TRUE(accounts_->remove("ada"));
  expect_refused(accounts_->sign_in(identity("7", "ada")), ErrorCode::kForbidden, "ada");
  ASSERT_TRUE(accounts_->add(user("ada")));
  EXPECT_TRUE(accounts_->find("ada"));
}

TEST_P(AccountsOnBoth, TakeTokensIdentitiesAndGrantsWithThem) {
  ASSERT_TRUE(accounts_->add(user("ada", {"des"})));
  ASSERT_TRUE(accounts_->link("ada", kIssuer, "7"));
  account::Token token;
  token.id = "t1";
  token.user = "ada";
  ASSERT_TRUE(Tokens(database()).add(token, "hash"));
  for (const auto* sentence :
       {"user ada may read on survey des", "group ada may read on survey des",
        "service bot may act on user ada"})
    ASSERT_TRUE(accounts_->add(account::parse_grant(sentence).value()));
  ASSERT_TRUE(accounts_->remove("ada"));
  for (const auto* table : {"token", "identity", "account_group", "account"})
    EXPECT_EQ(value(std::string("select count(*) from ") + table), "0") << table;
  const auto left = accounts_->grants().value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(account::grant_text(left[0]), "group ada may read on survey des");
}

TEST_P(AccountsOnBoth, WriteNothingAtASignInThatChangesNothing) {
  auto who = identity("7", "ada");
  who.groups = {{"des"}};
  ASSERT_TRUE(accounts_->sign_in(who));
  // What a write would set anew.
  run("update account set seen = seen - 30000000, told = told - 30000000");
  const auto before = value("select seen from account");
  ASSERT_TRUE(accounts_->sign_in(who));
  EXPECT_EQ(value("select seen from account"), before);
  run("update account set seen = seen - 40000000");
  ASSERT_TRUE(accounts_->sign_in(who));
  EXPECT_GT(std::stoll(value("select seen from account")), std::stoll(before));
}

TEST_P(AccountsOnBoth, ManyFirstSignInsAtOnceMakeOne) {
  constexpr int kThreads = 8;
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      Accounts mine(database());
      start.arrive_and_wait();
      const auto user = mine.sign_in(identity("7", "ada"));
      ASSERT_TRUE(user) << user.error().message;
      EXPECT_EQ(user->name, "ada");
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(value("select count(*) from account"), "1");
  EXPECT_EQ(value("select count(*) from identity"), "1");
}

TEST_P(AccountsOnBoth, HavePasswordsAsHashesAlone) {
  ASSERT_TRUE(accounts_->add(user("ada")));
  EXPECT_EQ(accounts_->password_hash("ada").value(), "");
  EXPECT_EQ(accounts_->password_hash("nobody").value(), "");
  ASSERT_TRUE(accounts_->set_password_hash("ada", "$argon2id$x"));
  EXPECT_EQ(accounts_->password_hash("ada").value(), "$argon2id$x");
  EXPECT_TRUE(accounts_->find("ada").value().has_password);
  EXPECT_FALSE(accounts_->set_password_hash("nobody", "x"));
  ASSERT_TRUE(accounts_->renew_password_hash("ada", "$argon2id$x", "$argon2id$y"));
  EXPECT_EQ(accounts_->password_hash("ada").value(), "$argon2id$y");
  ASSERT_TRUE(accounts_->renew_password_hash("ada", "$argon2id$x", "$argon2id$z"));
  EXPECT_EQ(accounts_->password_hash("ada").value(), "$argon2id$y") << "another was set meanwhile";
}

TEST_P(AccountsOnBoth, GrantsAreAddedOnceAndRemoved) {
  const auto grant = account::parse_grant("group des may read on survey des_y6").value();
  ASSERT_TRUE(accounts_->add(grant));
  ASSERT_TRUE(accounts_->add(grant));
  EXPECT_THAT(accounts_->grants().value(), ElementsAre(grant));
  ASSERT_TRUE(accounts_->remove(grant));
  const auto again = accounts_->remove(grant);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte::db
