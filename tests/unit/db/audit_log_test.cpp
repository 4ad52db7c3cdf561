// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/audit_log.hpp"

#include "core/db/admin.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

namespace recorte::db {
namespace {

using account::Audit;
using account::Event;
using testing::ElementsAre;

class AuditLogOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
  }
  std::unique_ptr<AuditLog> opened(Micros keep = 0) {
    auto log = AuditLog::open({.database = database(), .keep = keep});
    EXPECT_TRUE(log) << log.error().message;
    return log ? std::move(*log) : nullptr;
  }
  static Event event(Micros time, const std::string& act, const std::string& user) {
    Event out;
    out.time = time;
    out.act = act;
    out.user = user;
    out.outcome = "ok";
    return out;
  }
  static std::vector<Micros> times(AuditLog& log, const Audit::Filter& filter) {
    std::vector<Micros> out;
    const auto found = log.search(filter);
    EXPECT_TRUE(found) << found.error().message;
    if (found)
      for (const auto& each : *found) out.push_back(each.time);
    return out;
  }
};
INSTANTIATE_ON_BOTH(AuditLogOnBoth);

TEST_P(AuditLogOnBoth, KeepsEveryField) {
  const auto log = opened();
  Event e{7, "token", "ok", "ada", "bot", "oidc", "c1", "192.0.2.1", "r1", "t1", "made"};
  log->add(e);
  ASSERT_TRUE(log->flush());
  const auto found = log->search({}).value();
  ASSERT_EQ(found.size(), 1U);
  const auto& kept = found[0];
  EXPECT_EQ(kept.time, 7);
  EXPECT_THAT(
      (std::vector<std::string>{kept.act, kept.outcome, kept.user, kept.service, kept.method,
                                kept.credential, kept.address, kept.request_id, kept.object,
                                kept.detail}),
      ElementsAre("token", "ok", "ada", "bot", "oidc", "c1", "192.0.2.1", "r1", "t1", "made"));
}

TEST_P(AuditLogOnBoth, IsSearchedByEachField) {
  const auto log = opened();
  log->add(event(1, "login", "ada"));
  log->add(event(2, "login", "bea"));
  log->add(event(3, "token", "ada"));
  auto odd = event(4, "submit", "eve");
  odd.service = "bot";
  odd.outcome = "forbidden";
  odd.address = "192.0.2.1";
  odd.object = "des";
  odd.request_id = "r4";
  log->add(odd);
  ASSERT_TRUE(log->flush());
  EXPECT_THAT(times(*log, {}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(times(*log, {.user = "ada"}), ElementsAre(3, 1));
  EXPECT_THAT(times(*log, {.user = "ada", .act = "login"}), ElementsAre(1));
  for (const auto& filter : std::vector<Audit::Filter>{{.service = "bot"},
                                                       {.outcome = "forbidden"},
                                                       {.address = "192.0.2.1"},
                                                       {.object = "des"},
                                                       {.request_id = "r4"}})
    EXPECT_THAT(times(*log, filter), ElementsAre(4));
  EXPECT_THAT(times(*log, {.from = 2, .to = 4}), ElementsAre(3, 2));
  EXPECT_THAT(times(*log, {.most = 1}), ElementsAre(4));
  EXPECT_THAT(times(*log, {.user = "a' or '1'='1"}), ElementsAre());
}

TEST_P(AuditLogOnBoth, KeepsTwoOfOneTimeAndWhatClientsSend) {
  const auto log = opened();
  auto e = event(5, "login", std::string("a\xff\0b", 4));
  e.detail = std::string(100'000, 'x');
  log->add(e);
  log->add(e);
  ASSERT_TRUE(log->flush());
  EXPECT_EQ(log->search({}).value().size(), 2U);
  EXPECT_EQ(log->lost(), 0U);
}

TEST_P(AuditLogOnBoth, WritesWhatWaitsAtItsEnd) {
  {
    const auto log = opened();
    for (int i = 1; i <= 1'200; ++i) log->add(event(i, "login", "ada"));
  }
  EXPECT_EQ(Look::into(database())->value("select count(*) from audit"), "1200");
}

TEST_P(AuditLogOnBoth, ForgetsWhatIsOldEnough) {
  const auto now = now_micros();
  {
    const auto log = opened();
    log->add(event(now - 3'600'000'000, "login", "ada"));
    log->add(event(now, "login", "bea"));
  }
  const auto log = opened(1'800'000'000);
  EXPECT_TRUE(eventually(
      [&] { return Look::into(database())->value("select count(*) from audit") == "1"; }));
  EXPECT_EQ(log->search({}).value().at(0).user, "bea");
}

TEST_P(AuditLogOnBoth, CountsWhatItCannotWrite) {
  const auto made = AuditLog::open({.database = database(), .tries = 1});
  ASSERT_TRUE(made);
  const auto& log = *made;
  Look::into(database())->run("drop table audit");
  log->add(event(1, "login", "ada"));
  const auto flushed = log->flush();
  EXPECT_FALSE(flushed);
  EXPECT_EQ(log->lost(), 1U);
}

}  // namespace
}  // namespace recorte::db
