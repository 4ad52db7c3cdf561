// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

INSTANTIATE_ON_BOTH(JobsOnBoth);

job::Job whole_job() {
  job::Job j;
  j.id = "0123abcd";
  j.face = job::Face::kApi;
  j.phase = Phase::kError;
  j.visibility = job::Visibility::kHiddenByUser;
  j.owner = "o'hara \xC3\xA4";
  j.groups = {"des", "a \"b\""};
  j.run_id = "run :1";
  j.created = 1'790'000'000'123'456;
  j.started = j.created + 1;
  j.ended = j.created + 2;
  j.quote = j.created + 3;
  j.destruction = j.created + 4;
  j.execution_seconds = 5'000'000'000;
  j.parameters = {{"POS", "CIRCLE 1 2 3"}, {"pos", ""}, {"x", "'\"\\\n:;"}};
  j.list = "my list.csv";
  j.positions = 100'000;
  j.products = 300'000;
  j.outside = 17;
  j.tally = {1, 2, 3, 4, 5'000'000'000, 6'000'000'000};
  j.error = Error{ErrorCode::kTimeout, "it took :too 'long'"};
  j.rounds = 2;
  j.version = 9;
  j.server = "one";
  j.lease = j.created + 5;
  j.service = "a portal";
  j.priority = "background";
  j.place = -3;
  j.queued = j.created + 6;
  j.hold = job::Hold::kQuota;
  j.hold_until = j.created + 7;
  j.charged = 299'983;
  j.prediction = {"des_dr2 cut fits", 0.1 + 1e17, 1'000, 6'000'000'000, 7'000'000'000, 8, 9};
  return j;
}

void expect_same(const job::Job& a, const job::Job& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.face, b.face);
  EXPECT_EQ(a.phase, b.phase);
  EXPECT_EQ(a.visibility, b.visibility);
  EXPECT_EQ(a.owner, b.owner);
  EXPECT_EQ(a.groups, b.groups);
  EXPECT_EQ(a.run_id, b.run_id);
  EXPECT_EQ(a.created, b.created);
  EXPECT_EQ(a.started, b.started);
  EXPECT_EQ(a.ended, b.ended);
  EXPECT_EQ(a.quote, b.quote);
  EXPECT_EQ(a.destruction, b.destruction);
  EXPECT_EQ(a.execution_seconds, b.execution_seconds);
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.list, b.list);
  EXPECT_EQ(a.positions, b.positions);
  EXPECT_EQ(a.products, b.products);
  EXPECT_EQ(a.outside, b.outside);
  EXPECT_EQ(a.tally, b.tally);
  ASSERT_EQ(a.error.has_value(), b.error.has_value());
  if (a.error) {
    EXPECT_EQ(a.error->code, b.error->code);
    EXPECT_EQ(a.error->message, b.error->message);
  }
  EXPECT_EQ(a.rounds, b.rounds);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.server, b.server);
  EXPECT_EQ(a.lease, b.lease);
  EXPECT_EQ(a.service, b.service);
  EXPECT_EQ(a.priority, b.priority);
  EXPECT_EQ(a.place, b.place);
  EXPECT_EQ(a.queued, b.queued);
  EXPECT_EQ(a.hold, b.hold);
  EXPECT_EQ(a.hold_until, b.hold_until);
  EXPECT_EQ(a.charged, b.charged);
  EXPECT_EQ(a.prediction, b.prediction);
}

TEST_P(JobsOnBoth, KeepsEveryField) {
  const auto job = whole_job();
  const auto added = store_->add(job);
  ASSERT_TRUE(added) << added.error().message;
  expect_same(*added, job);
  const auto found = open()->find(job.id);
  ASSERT_TRUE(found) << found.error().message;
  expect_same(*found, job);
  const auto plain = store_->find(add("plain").id);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->error);
  EXPECT_EQ(plain->outside, -1);
}

TEST_P(JobsOnBoth, TakesTextThatIsNone) {
  auto job = whole_job();
  job.owner = "a\xFF";
  job.run_id = std::string("a\0b", 3);
  job.parameters = {{"x\xC3", "\xE4y"}};
  const auto added = store_->add(job);
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(added->owner, "a?");
  EXPECT_EQ(added->run_id, "a?b");
  EXPECT_THAT(added->parameters, ElementsAre(job::Parameter{"x?", "?y"}));
}

TEST_P(JobsOnBoth, NeverTakesATimeOrAnIdTwice) {
  const auto first = add("a");
  const auto second = add("b");
  EXPECT_GT(second.created, first.created);
  EXPECT_EQ(store_->find("b")->created, second.created);
  const auto again = store_->add(first);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kUsage);
  EXPECT_THAT(again.error().message, HasSubstr("'a' already"));
}

TEST_P(JobsOnBoth, NamesAJobThatIsNotThere) {
  const auto nothing = [](job::Job&) -> Status { return {}; };
  const Error errors[] = {store_->find("no'ne").error(),
                          store_->change("no'ne", nothing).error(),
                          store_->remove("no'ne").error(),
                          store_->tasks("no'ne").error(),
                          store_->add_tasks("no'ne", tasks_of(1)).error(),
                          store_->finish_task("no'ne", 0, {}, kServer, nullptr).error()};
  for (const auto& error : errors) {
    EXPECT_EQ(error.code, ErrorCode::kNotFound);
    EXPECT_EQ(error.message, "there is no job 'no'ne'");
  }
}

TEST_P(JobsOnBoth, ListsTheNewestFirstByWhatIsAskedFor) {
  add("a", Phase::kPending);
  const auto b = add("b", Phase::kCompleted, "bob");
  add("c", Phase::kArchived);
  add("d", Phase::kQueued);
  add("e", Phase::kCompleted);
  store_->change("e", [](job::Job& job) -> Status {
    job.run_id = "mine";
    job.ended = 500;
    job.visibility = job::Visibility::kHiddenByUser;
    return {};
  });
  using F = job::Filter;
  EXPECT_THAT(ids(store_->list({})), ElementsAre("d", "b", "a"));
  F all;
  all.most = job::Visibility::kHiddenBySystem;
  EXPECT_THAT(ids(store_->list(all)), ElementsAre("e", "d", "b", "a"));
  F phases = all;
  phases.phases = {Phase::kArchived, Phase::kCompleted};
  EXPECT_THAT(ids(store_->list(phases)), ElementsAre("e", "c", "b"));
  F after = all;
  after.after = b.created;
  EXPECT_THAT(ids(store_->list(after)), ElementsAre("e", "d"));
  after.after = b.created - 1;
  EXPECT_THAT(ids(store_->list(after)), ElementsAre("e", "d", "b"));
  F owner = all;
  owner.owner = "bob";
  EXPECT_THAT(ids(store_->list(owner)), ElementsAre("b"));
  owner.owner = "";
  EXPECT_THAT(ids(store_->list(owner)), IsEmpty());
  F run = all;
  run.run_id = "mine";
  EXPECT_THAT(ids(store_->list(run)), ElementsAre("e"));
  F ended = all;
  ended.ended = 500;
  EXPECT_THAT(ids(store_->list(ended)), ElementsAre("e"));
  ended.ended = 501;
  EXPECT_THAT(ids(store_->list(ended)), IsEmpty());
}

TEST_P(JobsOnBoth, ListsByPages) {
  for (const auto* id : {"a", "b", "c", "d", "e", "f"}) add(id);
  job::Filter page;
  page.limit = 2;
  EXPECT_THAT(ids(store_->list(page)), ElementsAre("f", "e"));
  page.before = "e";
  EXPECT_THAT(ids(store_->list(page)), ElementsAre("d", "c"));
  page.last = 3;  // of all, not of the page
  EXPECT_THAT(ids(store_->list(page)), ElementsAre("d"));
  page.before = "";
  EXPECT_THAT(ids(store_->list(page)), ElementsAre("f", "e"));
  page.last = 1;
  EXPECT_THAT(ids(store_->list(page)), ElementsAre("f"));
  page = {};
  page.before = "gone";
  EXPECT_THAT(ids(store_->list(page)), IsEmpty());
}

TEST_P(JobsOnBoth, ChangesAJobOrLeavesItAsItWas) {
  const auto job = add("a");
  const auto changed = store_->change("a", [](job::Job& j) -> Status {
    j.phase = Phase::kQueued;
    j.id = "else";
    j.created = 1;
    j.error = Error{ErrorCode::kData, "bad"};
    return {};
  });
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->phase, Phase::kQueued);
  EXPECT_EQ(changed->version, job.version + 1);
  EXPECT_EQ(changed->id, "a");
  EXPECT_EQ(changed->created, job.created);
  expect_same(*store_->find("a"), *changed);
  const auto refused = store_->change("a", [](job::Job& j) -> Status {
    j.phase = Phase::kCompleted;
    return fail(ErrorCode::kUsage, "no");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "no");
  expect_same(*store_->find("a"), *changed);
}

TEST_P(JobsOnBoth, HasAnIdentityOfItsOwn) {
  const auto own = store_->identity();
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(open()->identity().value(), *own);
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("identity-" + std::to_string(::getpid()) + ".sqlite");
  EXPECT_NE(open(Database(file))->identity().value(), *own);
  for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

TEST_P(JobsOnBoth, ForgetsAJobWithItsTasks) {
  add("a");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(3)));
  EXPECT_TRUE(store_->remove("a"));
  EXPECT_FALSE(store_->find("a"));
  EXPECT_EQ(Look::into(database())->value("select count(*) from task"), "0");
}

TEST_P(JobsOnBoth, GivesJobsWhoseDestructionIsDue) {
  const auto destroy = [&](const char* id, Micros time) {
    store_->change(id, [&](job::Job& job) -> Status {
      job.destruction = time;
      return {};
    });
  };
  for (const auto* id : {"a", "b", "c", "never"}) add(id);
  add("gone", Phase::kArchived);
  destroy("a", 300);
  destroy("b", 200);
  destroy("c", 301);
  destroy("gone", 100);
  EXPECT_THAT(ids(store_->due(300, 10)), ElementsAre("b", "a"));
  EXPECT_THAT(ids(store_->due(300, 1)), ElementsAre("b"));
  EXPECT_THAT(ids(store_->due(199, 10)), IsEmpty());
}

TEST_P(JobsOnBoth, SaysWhatAnOwnerHasAndWhatWorkTakes) {
  EXPECT_EQ(store_->work_per_product(), 0);
  EXPECT_EQ(store_->usage({})->jobs, 0);
  const auto fill = [&](const char* id, job::Tally tally) {
    store_->change(id, [&](job::Job& job) -> Status {
      job.tally = tally;
      job.ended = 5;
      return {};
    });
  };
  add("a");
  add("b", Phase::kCompleted);
  add("c", Phase::kCompleted, "bob");
  add("d", Phase::kArchived);
  fill("b", {.ok = 1, .partial = 1, .bytes = 4'000'000'000, .work_us = 1000});
  fill("c", {.ok = 1, .failed = 1, .bytes = 1'000'000'000, .work_us = 3000});
  fill("d", {.bytes = 7});
  EXPECT_EQ(store_->usage("ann")->jobs, 2);
  EXPECT_EQ(store_->usage("ann")->bytes, 4'000'000'000);
  EXPECT_EQ(store_->usage({})->jobs, 3);
  EXPECT_EQ(store_->usage({})->bytes, 5'000'000'000);
  EXPECT_EQ(store_->usage("nobody")->bytes, 0);
  EXPECT_EQ(store_->work_per_product(), 1000);
  add("e", Phase::kHeld);
  add("f", Phase::kExecuting);
  EXPECT_EQ(store_->usage("ann")->active, 3);
  EXPECT_EQ(store_->usage("ann")->running, 1);
  EXPECT_EQ(store_->usage("bob")->active, 0);
  EXPECT_EQ(store_->usage({})->active, 3);
}

/// What was told.
class Heard {
 public:
  void operator()(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.push_back(id);
  }
  bool has(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> ids_;
};

TEST_P(JobsOnBoth, TellsOfChangesThroughAnyStore) {
  Heard here;
  Heard there;
  auto other = open();
  store_->listen([&](const auto& id) { here(id); });
  other->listen([&](const auto& id) { there(id); });
  if (postgresql()) {  // from then on
    EXPECT_TRUE(eventually([&] { return here.has("") && there.has(""); }));
  }
  add("added");
  add("changed");
  other->change("changed", [](job::Job&) -> Status { return {}; });
  add("finished");
  ASSERT_TRUE(other->add_tasks("finished", tasks_of(1)));
  EXPECT_TRUE(other->finish_task("finished", 0, {}, kServer, nullptr));
  add("removed");
  EXPECT_TRUE(other->remove("removed"));
  for (const auto* id : {"added", "changed", "finished", "removed"})
    EXPECT_TRUE(eventually([&] { return here.has(id) && there.has(id); })) << id;
  other.reset();
  add("later");
  EXPECT_TRUE(eventually([&] { return here.has("later"); }));
  EXPECT_FALSE(there.has("later"));
  store_.reset();  // nobody is told any more
}

TEST_P(JobsOnBoth, IsAskedAgainByWhoIsTold) {
  Heard seen;
  auto& store = *store_;  // until its end, in which it is told of still
  store_->listen([&](const auto& id) {
    if (id != "first") return;
    const auto job = store.change("second", [](job::Job&) -> Status { return {}; });
    if (job) seen(job->id);
  });
  add("second");
  add("first");
  EXPECT_TRUE(eventually([&] {
    store_->change("first", [](job::Job&) -> Status { return {}; });
    return seen.has("second");
  }));
  store_.reset();
}

TEST_P(JobsOnBoth, SaysThatItCanBeReached) { EXPECT_TRUE(store_->check()); }

}  // namespace
}  // namespace recorte::db
