// SPDX-License-Identifier: BSD-3-Clause
//
// The two databases against each other: whatever is done to jobs and ledgers, both answer the same,
// step by step.
#include "core/base/calendar.hpp"
#include "core/db/admin.hpp"
#include "core/db/job_store.hpp"
#include "core/db/ledger.hpp"
#include "tests/unit/db/same.hpp"
#include "tests/unit/db/support.hpp"
#include "tests/unit/random.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace recorte::db {
namespace {

using job::Phase;
using test::Step;

constexpr Micros kSecond = 1'000'000, kDay = 86'400 * kSecond;

std::string text_of(const job::Tally& t) {
  return words(t.ok, t.partial, t.no_coverage, t.failed, t.bytes, t.work_us);
}
std::string text_of(const job::Prediction& p) {
  return words(p.kind, p.pixels, p.low, p.middle, p.high, p.bytes, p.wait);
}
std::string text_of(const job::Job& job) {
  std::string lists;
  for (const auto& group : job.groups) lists += group + ",";
  for (const auto& [name, value] : job.parameters) lists += name + "=" + value + ",";
  return words(job.id, static_cast<int>(job.face), name_of(job.phase),
               static_cast<int>(job.visibility), job.owner, job.service, job.run_id, job.created,
               job.started, job.ended, job.quote, job.destruction, job.execution_seconds, job.list,
               job.positions, job.products, job.outside, text_of(job.tally),
               job.error ? job.error->message : "-", job.rounds, job.version, job.links, job.server,
               job.lease, job.priority, job.place, job.queued, static_cast<int>(job.hold),
               job.hold_until, job.charged, text_of(job.prediction), lists);
}
std::string text_of(const std::optional<job::Job>& job) { return job ? text_of(*job) : "none"; }
std::string text_of(const job::Task& t) {
  return words(t.number, t.first, t.count, t.done, text_of(t.tally));
}
std::string text_of(const job::Usage& u) {
  return words(u.jobs, u.bytes, u.active, u.running, u.cutouts_today, u.cutouts_this_month,
               u.work_us_today, u.time);
}
std::string text_of(const job::Queued& q) {
  return words(q.id, q.owner, q.service, q.priority, name_of(q.phase), q.place, q.created, q.queued,
               q.products, q.done, q.server, q.lease, q.free, text_of(q.prediction));
}
std::string text_of(const job::HeldByQuota& held) {
  return words(held.id, held.owner, held.renewed);
}
std::string text_of(const std::pair<const std::string, double>& share) {
  return words(share.first, share.second);
}
std::string text_of(const quota::Taken& taken) {
  return words(taken.cutouts, text_of(taken.usage));
}
std::string text_of(const Pruned& gone) { return words(gone.jobs, gone.days); }

template <class T>
std::string said(const Result<T>& result) {
  return db::said(result, [](const auto& value) { return text_of(value); });
}
using db::said;

enum Kind {
  kAdd,
  kChange,
  kMove,
  kAdmit,
  kRemove,
  kAddTasks,
  kFinishTask,
  kClaim,
  kRenew,
  kQueue,
  kList,
  kLook,
  kTake,
  kGiveBack,
  kReopen,
  kPrune,
  kWait,
  kKinds,
};
const std::vector<std::string> kNames{
    "add",   "change", "move", "admit", "remove",    "add_tasks", "finish_task", "claim", "renew",
    "queue", "list",   "look", "take",  "give back", "reopen",    "prune",       "wait"};

/// One database, and what is done to it.
class Side {
 public:
  explicit Side(const Database& database) : database_(database) {
    const auto migrated = migrate_database(database_);
    EXPECT_TRUE(migrated) << migrated.error().message;
    open();
    ledger_ = std::make_unique<Ledger>(Ledger::Options{database_, kPatience, clock()});
  }

  /// All that was answered.
  std::string take(const Step& step) {
    const auto id = id_of(step.a);
    const auto owner = owner_of(step.b);
    switch (step.kind) {
      case kAdd: return said(store_->add(job_of(step), step.c % 3 == 0 ? admit(step) : nullptr));
      case kChange: return said(store_->change(id, [&](auto& job) { return edit(job, step); }));
      case kMove: return said(store_->change(id, [&](auto& job) { return move(job, step); }));
      case kAdmit: return said(store_->admit(id, admit(step)));
      case kRemove: return said(store_->remove(id));
      case kAddTasks: return said(store_->add_tasks(id, tasks_of(step)));
      case kFinishTask: {
        const auto rest = tasks_of(step).front();
        return said(store_->finish_task(id, step.b % 5, tally_of(step.c), server_of(step.b >> 8U),
                                        step.c % 4 == 0 ? &rest : nullptr));
      }
      case kClaim:
        return said(store_->claim(id, server_of(step.b), (step.c % 100) * kSecond,
                                  step.c % 2 == 0 ? 1 + step.b % 2 : 1'000));
      case kRenew: return said(store_->renew(server_of(step.a), (step.b % 100) * kSecond));
      case kQueue: return queue(server_of(step.a), step.b % 4);
      case kList: return said(store_->list(filter_of(step)));
      case kLook: return look(step, owner);
      case kTake: {
        quota::Limits limits;
        if (step.c % 3 != 0) limits.cutouts_per_day = step.c % 50;
        if (step.c % 5 != 0) limits.cutouts_per_month = step.c % 90;
        return said(ledger_->take(owner, step.a % 60, limits));
      }
      case kGiveBack:
        return said(ledger_->give_back(owner, step.a % 60, day_of(now_) - step.c % 3));
      case kReopen: return open();
      case kPrune: return said(prune(database_, now_ - (step.a % 90) * kDay));
      default: now_ += step.a % 4 == 0 ? (step.b % 40) * kDay : (step.b % 60) * kSecond; return "";
    }
  }
  /// All that there is.
  std::string everything() {
    job::Filter all;
    all.phases = {Phase::kPending, Phase::kQueued,  Phase::kExecuting, Phase::kCompleted,
                  Phase::kError,   Phase::kAborted, Phase::kHeld,      Phase::kArchived};
    all.most = job::Visibility::kHiddenBySystem;
    std::string out = said(store_->list(all)) + said(store_->usage({})) + said(store_->shares()) +
                      queue("s0", 10);
    for (std::uint32_t i = 0; i < kIds; ++i) out += said(store_->tasks(id_of(i)));
    for (std::uint32_t i = 0; i < kOwners; ++i) out += said(store_->usage(owner_of(i)));
    return out;
  }

 private:
  static constexpr std::uint32_t kIds = 7, kOwners = 4;
  static constexpr std::chrono::milliseconds kPatience{10'000};

  static std::string id_of(std::uint32_t n) { return "job" + std::to_string(n % kIds); }
  static std::string owner_of(std::uint32_t n) {
    static const std::vector<std::string> owners{"ann", "Bob", "béa 'x'", "ann\xff"};
    return owners[n % kOwners];
  }
  static std::string server_of(std::uint32_t n) { return n % 4 == 3 ? "" : words("s", n % 3); }
  static job::Tally tally_of(std::uint32_t n) {
    return {n % 7, n % 3, n % 5, n % 2, n % 100'000, n % 1'000'003};
  }
  static std::vector<job::Task> tasks_of(const Step& step) {
    std::vector<job::Task> out;
    for (std::uint32_t i = 0; i <= step.c % 3; ++i)
      out.push_back({(step.b + i) % 5, i * 10, step.c % 50, step.c % 11 == 0, tally_of(step.b)});
    return out;
  }
  job::Job job_of(const Step& step) const {
    job::Job job;
    job.id = id_of(step.a);
    job.owner = owner_of(step.b);
    job.created = now_ - step.c % 5;
    job.phase = step.c % 2 == 0 ? Phase::kPending : Phase::kQueued;
    job.run_id = odd_text(step.c);
    job.parameters = {{odd_text(step.b), odd_text(step.a)}, {"", ""}};
    job.groups = {odd_text(step.a >> 8U)};
    job.products = step.c % 30;
    job.charged = step.c % 4 == 0 ? step.c % 30 : 0;
    job.destruction = now_ + (step.b % 20) * kSecond;
    job.prediction = {odd_text(step.b >> 8U), 1e9 / (1 + step.a % 97), 1, 2, 3, 4, 5};
    return job;
  }
  static Status edit(job::Job& job, const Step& step) {
    if (step.b % 13 == 0) return fail(ErrorCode::kUsage, "not this one");
    job.priority = step.b % 2 == 0 ? "urgent" : "";
    job.place = static_cast<int>(step.b % 5) - 2;
    job.visibility = static_cast<job::Visibility>(step.c % 3);
    job.outside = static_cast<int>(step.c % 4) - 1;
    job.service = odd_text(step.c >> 4U);
    job.error = step.c % 2 == 0 ? std::optional<Error>()
                                : Error{ErrorCode::kData, "odd: " + odd_text(step.c >> 8U)};
    job.charged = step.c % 40;
    job.id = "another";
    return {};
  }
  Status move(job::Job& job, const Step& step) const {
    const auto phase = job::moved(job.phase, static_cast<job::Move>(step.b % 8));
    if (!phase) return fail(phase.error());
    job.phase = *phase;
    job.hold = job.phase == Phase::kHeld ? static_cast<job::Hold>(step.c % 4) : job::Hold::kNone;
    job.hold_until = now_ + (step.c % 7) * kSecond;
    job.ended = job::has_ended(job.phase) ? now_ : 0;
    job.queued = now_;
    if (step.c % 2 == 0) job.server.clear();
    return {};
  }
  static job::Admit admit(const Step& step) {
    return [step](job::Job& job, const job::Usage& usage) -> Status {
      if (usage.cutouts_today > step.c % 100) return fail(ErrorCode::kForbidden, text_of(usage));
      job.charged += step.c % 20;
      job.run_id = text_of(usage);
      return {};
    };
  }
  job::Filter filter_of(const Step& step) const {
    job::Filter out;
    if (step.a % 2 == 0) out.phases = {Phase::kQueued, static_cast<Phase>(step.a % 9)};
    if (step.a % 3 == 0) out.after = now_ - step.b % 200 * kSecond;
    if (step.a % 5 == 0) out.ended = now_ - step.b % 200 * kSecond;
    if (step.b % 3 == 0) out.last = step.b % 4;
    if (step.b % 2 == 0) out.owner = owner_of(step.c);
    if (step.b % 7 == 0) out.run_id = odd_text(step.c);
    if (step.c % 3 == 0) out.before = id_of(step.c);
    if (step.c % 4 == 0) out.limit = step.c % 3;
    out.most = static_cast<job::Visibility>(step.c % 3);
    return out;
  }
  /// In which order owners come is nobody's business.
  std::string queue(const std::string& server, std::int64_t per_owner) {
    auto out = store_->queue(server, per_owner);
    if (out) std::ranges::stable_sort(*out, {}, &job::Queued::owner);
    return said(out);
  }
  std::string look(const Step& step, const std::string& owner) {
    switch (step.a % 5) {
      case 0: return said(store_->find(id_of(step.c)));
      case 1: return said(store_->due(now_ + step.c % 9 * kSecond, step.b % 4));
      case 2: return said(store_->usage(owner));
      case 3: return said(store_->held_by_quota());
      default: return said(store_->tasks(id_of(step.c)));
    }
  }
  std::function<Micros()> clock() {
    return [this] { return now_; };
  }
  std::string open() {
    store_.reset();
    auto store = JobStore::open({.database = database_, .patience = kPatience, .clock = clock()});
    if (!store) return store.error().message;
    store_ = std::move(*store);
    return "";
  }

  const Database database_;
  Micros now_ = 1'700'000'000 * kSecond;
  std::unique_ptr<job::Store> store_;
  std::unique_ptr<Ledger> ledger_;
};

TEST(BothDatabases, AnswerTheSameOfJobs) { try_on_both<Side>(3, 100, kNames); }

}  // namespace
}  // namespace recorte::db
