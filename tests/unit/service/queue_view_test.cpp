// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/queue_view.hpp"

#include "core/base/time.hpp"
#include "tests/unit/batch/memory_store.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <utility>

namespace recorte::service {
namespace {

using namespace testing;
using job::Phase;

constexpr Micros kSecond = 1'000'000;

/// A store with a queue, which counts how often it is asked for it.
class QueueStore : public batch::test::MemoryStore {
 public:
  Result<std::vector<job::Queued>> queue(const std::string&, std::int64_t) override {
    ++asked;
    if (error) return fail(*error);
    return waiting;
  }
  job::Job put(const std::string& id, const std::string& owner, double seconds,
               Phase phase = Phase::kQueued) {
    job::Queued each;
    each.id = id;
    each.owner = owner;
    each.phase = phase;
    each.created = now_micros();
    each.products = static_cast<std::int64_t>(seconds);
    waiting.push_back(each);
    job::Job out;
    out.id = id;
    out.owner = owner;
    out.phase = phase;
    out.created = each.created;
    return out;
  }
  std::vector<job::Queued> waiting;
  std::optional<Error> error;
  int asked = 0;
};

QueueView::Options options(std::chrono::milliseconds fresh = std::chrono::hours(1)) {
  QueueView::Options out;
  out.left = [](const job::Queued& each) {
    return QueueView::Left{static_cast<double>(each.products), 0};
  };
  out.fresh = fresh;
  return out;
}

double from_now(Micros time) { return static_cast<double>(time - now_micros()) / kSecond; }

TEST(QueueView, ForeseesOneAfterAnotherOfOneOwner) {
  QueueStore store;
  const auto first = store.put("a", "ana", 100);
  const auto second = store.put("b", "ana", 50);
  QueueView view(options(), store);
  const auto one = view.of(first);
  const auto two = view.of(second);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->ahead, 0);
  EXPECT_EQ(two->ahead, 1);
  EXPECT_NEAR(from_now(one->end), 100, 2);
  EXPECT_NEAR(from_now(two->start), 100, 2);
  EXPECT_NEAR(from_now(two->end), 150, 2);
  EXPECT_EQ(store.asked, 1) << "both are of one forecast";
}

TEST(QueueView, GoesByPlaceAmongAnOwnersOwn) {
  QueueStore store;
  const auto first = store.put("a", "ana", 100);
  const auto second = store.put("b", "ana", 50);
  store.waiting[1].place = 1;
  QueueView view(options(), store);
  EXPECT_EQ(view.of(first)->ahead, 1);
  EXPECT_EQ(view.of(second)->ahead, 0);
}

TEST(QueueView, SharesTheWorkersBetweenOwners) {
  QueueStore store;
  const auto mine = store.put("a", "ana", 100);
  store.put("b", "bob", 100);
  QueueView view(options(), store);
  EXPECT_NEAR(from_now(view.of(mine)->end), 200, 3) << "each has one half";
}

TEST(QueueView, SaysNothingOfThoseThatAreNotInTheQueue) {
  QueueStore store;
  auto job = store.put("a", "ana", 1);
  QueueView view(options(), store);
  for (const auto phase : {Phase::kPending, Phase::kHeld, Phase::kCompleted, Phase::kArchived}) {
    job.phase = phase;
    EXPECT_FALSE(view.of(job)) << name_of(phase);
  }
  EXPECT_EQ(store.asked, 0);
}

TEST(QueueView, LooksAnewForAJobThatIsNewer) {
  QueueStore store;
  const auto old = store.put("a", "ana", 1);
  QueueView view(options(), store);
  EXPECT_TRUE(view.of(old));
  const auto added = store.put("b", "ana", 1);
  EXPECT_TRUE(view.of(added));
  EXPECT_EQ(store.asked, 2);
}

TEST(QueueView, LooksAnewForAJobThatWasAddedSinceThoughItIsOlder) {
  QueueStore store;
  const auto accepted = store.put("a", "ana", 1);
  const auto later = std::exchange(store.waiting, {});
  QueueView view(options(), store);
  view.of_new({"ana", schedule::Class::kNormal, false, 1, 0});  // as when it is accepted
  store.waiting = later;
  view.changed();
  EXPECT_TRUE(view.of(accepted));
}

TEST(QueueView, DoesNotLookAnewForOneThatIsTooFarBehind) {
  QueueStore store;
  const auto behind = store.put("a", "ana", 1);
  store.put("b", "ana", 1);
  store.waiting.erase(store.waiting.begin());
  QueueView view(options(), store);
  EXPECT_FALSE(view.of(behind));
  EXPECT_FALSE(view.of(behind));
  EXPECT_EQ(store.asked, 1);
}

TEST(QueueView, OneThatRunsHasNobodyAheadAndBeganWhenItDid) {
  QueueStore store;
  store.put("a", "ana", 100);
  auto runs = store.put("b", "ana", 10, Phase::kExecuting);
  runs.started = 42;
  QueueView view(options(), store);
  const auto place = view.of(runs);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->ahead, 0);
  EXPECT_EQ(place->start, 42);
  EXPECT_NEAR(from_now(place->end), 10, 2) << "what runs goes on first";
}

TEST(QueueView, IsSilentWhereTheStoreIsAway) {
  QueueStore store;
  const auto job = store.put("a", "ana", 1);
  store.error = Error{ErrorCode::kUnavailable, "the database is away"};
  QueueView view(options(), store);
  EXPECT_FALSE(view.of(job));
  EXPECT_NEAR(view.of_new({"ana", schedule::Class::kNormal, false, 10, 1}).end_s, 11, 0.5);
}

TEST(QueueView, ForeseesOneThatIsNew) {
  QueueStore store;
  store.put("a", "ana", 100);
  QueueView view(options(), store);
  const auto last = view.of_new({"ana", schedule::Class::kNormal, false, 10, 0});
  EXPECT_EQ(last.ahead, 1U);
  EXPECT_NEAR(last.start_s, 100, 1);
  EXPECT_NEAR(last.end_s, 110, 1);
}

}  // namespace
}  // namespace recorte::service
