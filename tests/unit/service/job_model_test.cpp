// SPDX-License-Identifier: BSD-3-Clause
//
// Jobs against their model: whatever their owners, an admin, workers, the clock
// and restarts do to them, in whatever order, the service has each as the model
// has it, and each balance.
#include "tests/unit/service/job_model.hpp"

#include "core/base/calendar.hpp"
#include "core/batch/marks.hpp"
#include "core/db/job_store.hpp"
#include "core/schedule/local_executor.hpp"
#include "server/service/job_admin.hpp"
#include "server/service/job_engine.hpp"
#include "tests/unit/random.hpp"
#include "tests/unit/service/memory_history.hpp"
#include "tests/unit/service/quiet_store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

namespace recorte::service {
namespace {

namespace fs = std::filesystem;
using recorte::test::Step;

constexpr Micros kSecond = 1'000'000, kDay = 86'400 * kSecond;

enum Kind {
  kCreate,
  kCreateAndRun,
  kParameters,
  kRun,
  kAbort,
  kRetry,
  kPause,
  kRemove,
  kDestroy,
  kHold,
  kRelease,
  kLetGo,
  kClaim,
  kBegin,
  kFinish,
  kComplete,
  kFail,
  kOverrun,
  kWait,
  kNextDay,
  kRestart,
};
struct Likely {
  Kind kind;
  const char* name;
  int times;  ///< of a hundred steps, about: so that jobs come to an end
};
constexpr Likely kLikely[] = {
    {kCreate, "create", 3},
    {kCreateAndRun, "create and run", 9},
    {kParameters, "parameters", 1},
    {kRun, "run", 8},
    {kAbort, "abort", 2},
    {kRetry, "retry", 4},
    {kPause, "pause", 2},
    {kRemove, "remove", 1},
    {kDestroy, "destroy", 1},
    {kHold, "hold", 1},
    {kRelease, "release", 2},
    {kLetGo, "let go", 4},
    {kClaim, "claim", 16},
    {kBegin, "begin", 12},
    {kFinish, "finish", 20},
    {kComplete, "complete", 6},
    {kFail, "fail", 1},
    {kOverrun, "overrun", 1},
    {kWait, "wait", 3},
    {kNextDay, "next day", 3},
    {kRestart, "restart", 1},
};
/// Each as often as it is likely.
std::vector<Likely> kinds() {
  std::vector<Likely> out;
  for (const auto& each : kLikely)
    out.insert(out.end(), static_cast<std::size_t>(each.times), each);
  return out;
}

Asker asker(const std::string& user) {
  Asker out;
  out.principal.user = user;
  return out;
}

/// A job's one parameter is how many regions it has.
void read(const std::vector<job::Parameter>& parameters, bool, bool, const Asker&,
          const std::function<void(Result<batch::Ask>)>& done) {
  batch::Ask out;
  out.regions.resize(static_cast<std::size_t>(std::stoi(parameters.back().value)));
  done(out);
}

class Service {
 public:
  Service() {
    std::string name = (fs::temp_directory_path() / "recorte-model-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    fs::create_directories(directory_ / "results");
    options_.directory = directory_ / "results";
    options_.server = "none of the workers'";
    options_.draining = true;
    const auto& limits = model_.limits;
    options_.quotas.everyone.cutouts_per_day = limits.cutouts;
    options_.quotas.everyone.positions_per_job = limits.positions;
    options_.quotas.everyone.jobs = limits.jobs;
    options_.quotas.everyone.running_jobs = limits.running;
    restart();
    move_clock(0);
  }
  ~Service() {
    engine_.reset();
    store_.reset();
    fs::remove_all(directory_);
  }

  /// What is wrong; "" for nothing.
  std::string take(const Step& step, Kind kind) {
    std::string error;
    const auto agree = [&](bool allowed, bool done) {
      if (allowed != done)
        error = allowed ? "it should have been done" : "it should have been refused";
    };
    if (kind == kCreate || kind == kCreateAndRun) {
      const bool allowed = create(step, kind == kCreateAndRun);
      agree(allowed, created_.has_value());
    } else if (kind >= kWait) {
      if (kind == kWait) move_clock(step.b % 90 * kSecond);
      if (kind == kNextDay) move_clock(step.b % 3 == 0 ? 31 * kDay : kDay);
      if (kind == kRestart) restart();
    } else if (kind == kLetGo) {
      model_.let_go();
      if (!quotas_->let_go()) error = "the store fails";
    } else if (!model_.jobs.empty()) {
      auto& job = chosen(step, kind);
      const auto before = store_->find(job.id);
      const bool done = kind >= kClaim ? work(step, kind, job, agree) : ask(step, kind, job, agree);
      const auto after = store_->find(job.id);
      if (!before || !after) return "the job is gone";
      if (!done && after->version != before->version) error = "what is refused changes nothing";
      if (after->version < before->version) error = "its version goes backwards";
    }
    return error.empty() ? compare() : error;
  }

 private:
  /// Workers mostly go on with what they have; else one of the last, of which
  /// most is still to be decided.
  model::Job& chosen(const Step& step, Kind kind) {
    auto& jobs = model_.jobs;
    const auto recent = std::min<std::size_t>(jobs.size(), step.c % 8 == 0 ? 100 : 4);
    auto& any = jobs[jobs.size() - 1 - step.a % recent];
    if (kind < kBegin || step.b % 4 == 0) return any;
    const auto has = std::ranges::find_if(jobs, [](const model::Job& job) {
      return !job.server.empty() && job.is({model::Phase::kQueued, model::Phase::kExecuting});
    });
    return has == jobs.end() ? any : *has;
  }

  template <class Agree>
  bool ask(const Step& step, Kind kind, model::Job& job, const Agree& agree) {
    const auto who = asker(job.owner);
    const auto wanted = wanted_of(step);
    bool allowed = false, done = false;
    const auto both = [&](bool by_model, bool by_service) {
      allowed = by_model;
      done = by_service;
    };
    switch (kind) {
      case kParameters:
        both(model::Model::set_parameters(job, wanted),
             engine_->set_parameters(job.id, {{"n", std::to_string(wanted)}}, who).has_value());
        break;
      case kRun: both(model_.run(job), engine_->run(job.id, who).has_value()); break;
      case kAbort: both(model::Model::abort(job), engine_->abort(job.id, who).has_value()); break;
      case kRetry: both(model_.retry(job), engine_->retry(job.id, who).has_value()); break;
      case kPause: both(model::Model::pause(job), engine_->pause(job.id, who).has_value()); break;
      case kRemove:
        both(model::Model::remove(job), engine_->remove(job.id, who).has_value());
        break;
      case kHold:
        both(model::Model::hold_by_admin(job), JobAdmin(*store_).hold(job.id).has_value());
        break;
      case kRelease:
        both(model_.release(job), JobAdmin(*store_).release(job.id).has_value());
        break;
      default: done = destroy(job); allowed = !job.hidden && done;
    }
    agree(allowed, done);
    return done;
  }

  /// As a server's runner does it, which may be late.
  template <class Agree>
  bool work(const Step& step, Kind kind, model::Job& job, const Agree& agree) {
    const auto any = "server" + std::to_string(step.b % 2);
    const auto server = job.server.empty() || step.b % 8 < 2 ? any : job.server;
    const bool has = job.server == server;
    bool allowed = false, done = false;
    if (kind == kClaim) {
      const auto lease = step.c % 100 * kSecond;
      allowed = model_.claim(job, server, lease);
      const auto claimed = store_->claim(job.id, server, lease, model_.limits.running);
      done = claimed && *claimed;
    } else if (kind == kBegin && has) {
      allowed = model_.begin(job);
      if (allowed) add_tasks(job);
      done = batch::mark_started(*store_, *store_->find(job.id), 0, job.products).has_value();
    } else if (kind == kFinish) {
      auto number = job.tasks.empty() ? 0 : step.c % job.tasks.size();
      const auto open = std::ranges::find(job.tasks, false, &model::Task::done);
      if (step.c % 8 > 0 && open != job.tasks.end())
        number = static_cast<std::size_t>(open - job.tasks.begin());
      const auto [tally, rest] = made(step, job, number);
      const job::Task more{static_cast<std::int64_t>(job.tasks.size()), 0, rest, false, {}};
      allowed = model_.finish(job, number, server, tally, rest);
      done = store_
                 ->finish_task(job.id, static_cast<std::int64_t>(number), tally, server,
                               rest > 0 ? &more : nullptr)
                 .has_value();
    } else if (kind == kComplete && has && std::ranges::all_of(job.tasks, &model::Task::done)) {
      allowed = model::Model::complete(job);
      done = batch::mark_completed(*store_, *store_->find(job.id), job.tally).has_value();
    } else if (kind == kFail) {
      allowed = model::Model::stop(job, model::Phase::kError);
      done = batch::mark_failed(*store_, *store_->find(job.id), {ErrorCode::kData, "broken"})
                 .has_value();
    } else if (kind == kOverrun) {
      allowed = model::Model::stop(job, model::Phase::kAborted);
      done = batch::mark_overrun(*store_, *store_->find(job.id)).has_value();
    }
    agree(allowed, done);
    return done;
  }

  /// All of a task, or one product of it and the rest later.
  static std::pair<job::Tally, std::int64_t> made(const Step& step, const model::Job& job,
                                                  std::size_t number) {
    if (number >= job.tasks.size() || job.tasks[number].done) return {};
    const auto count = job.tasks[number].count;
    const auto rest = step.a % 3 == 0 ? count - 1 : 0;
    job::Tally out;
    std::array<std::int64_t*, 4> ends{&out.ok, &out.partial, &out.no_coverage, &out.failed};
    for (std::int64_t i = 0; i < count - rest; ++i) ++*ends[(step.b >> (8 + 2 * i)) % 4];
    out.bytes = 100 * (out.ok + out.partial);
    return {out, rest};
  }
  void add_tasks(const model::Job& job) {
    std::vector<job::Task> tasks;
    for (const auto& [count, done] : job.tasks)
      tasks.push_back({static_cast<std::int64_t>(tasks.size()), 0, count, false, {}});
    EXPECT_TRUE(store_->add_tasks(job.id, tasks));
  }

  static std::int64_t wanted_of(const Step& step) { return 1 + step.b % 7; }
  bool create(const Step& step, bool run) {
    const std::string owner = step.a % 3 == 0 ? "bob" : "ann";
    Submission submission;
    submission.face = job::Face::kApi;
    submission.parameters = {{"n", std::to_string(wanted_of(step))}};
    submission.run = run;
    std::promise<Result<Created>> out;
    engine_->create(submission, asker(owner),
                    [&](Result<Created> made) { out.set_value(std::move(made)); });
    auto made = out.get_future().get();
    created_.reset();
    if (made) created_ = made->job.id;
    const bool allowed = model_.create(owner, wanted_of(step), run);
    if (allowed && created_) model_.jobs.back().id = *created_;
    return allowed;
  }
  /// At once where it is due already.
  bool destroy(model::Job& job) {
    if (job.phase == model::Phase::kArchived)
      return engine_->set_destruction(job.id, 1, asker(job.owner)).has_value();
    if (!engine_->set_destruction(job.id, 1, asker(job.owner))) return false;
    model::Model::destroy(job);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (store_->find(job.id)->phase != job.phase && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return true;
  }
  void move_clock(Micros by) {
    clock_ += by;
    model_.now = clock_;
    model_.day = day_of(clock_);
  }
  void restart() {
    engine_.reset();
    quotas_.reset();
    store_.reset();
    auto store = db::JobStore::open(
        {.database = directory_ / "r.db", .clock = [this] { return clock_.load(); }});
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::make_unique<test::QuietStore>(std::move(*store));
    quotas_.emplace(options_.quotas, JobQuotas::Bounds{}, *store_);
    engine_ =
        std::make_unique<JobEngine>(options_, *store_, executor_, executor_, estimates_,
                                    cutout::Budget{}, JobPlanner::Readers{{job::Face::kApi, read}});
  }

  std::string compare() {
    for (const auto& job : model_.jobs)
      if (auto error = compare(job); !error.empty()) return job.id + ": " + error;
    for (const std::string owner : {"ann", "bob"})
      if (auto error = compare(owner); !error.empty()) return owner + ": " + error;
    return "";
  }
  std::string compare(const model::Job& job) {
    const auto found = store_->find(job.id);
    if (!found) return found.error().message;
    const auto tasks = store_->tasks(job.id);
    const auto open = std::ranges::count(job.tasks, false, &model::Task::done);
    if (!tasks || std::ranges::count(*tasks, false, &job::Task::done) != open)
      return "it should have " + std::to_string(open) + " tasks to do";
    if (found->phase != job.phase)
      return "it is " + std::string(name_of(found->phase)) + " and should be " +
             std::string(name_of(job.phase));
    if (found->charged != job.charged())
      return "it is charged with " + std::to_string(found->charged) + " and should be with " +
             std::to_string(job.charged());
    if (found->tally != job.tally) return "it has other counts than it should have";
    if (found->rounds != job.rounds) return "it counts another number of rounds";
    if (found->hold != job.hold) return "somebody else holds it than should";
    if (found->server != job.server) return "another server has it";
    if ((found->ended > 0) != job.ended()) return "its end and its phase do not go together";
    if (found->ended > 0 && found->started > found->ended) return "it ends before it starts";
    if (job.phase == model::Phase::kCompleted && found->tally.products() != job.products)
      return "it is COMPLETED without all products";
    const bool visible = engine_->find(job.id, asker(job.owner)).has_value();
    if (visible == job.hidden) return "who may see it is not who should";
    return "";
  }
  std::string compare(const std::string& owner) {
    const auto usage = store_->usage(owner);
    if (!usage) return usage.error().message;
    std::int64_t kept = 0, bytes = 0, running = 0;
    for (const auto& job : model_.jobs) {
      if (job.owner != owner || job.phase == model::Phase::kArchived) continue;
      ++kept;
      bytes += job.tally.bytes;
      running += job.phase == model::Phase::kExecuting ? 1 : 0;
    }
    const auto differs = [](const char* what, std::int64_t is, std::int64_t should) {
      return is == should ? ""
                          : std::string(what) + ": " + std::to_string(is) + ", and should be " +
                                std::to_string(should) + "; ";
    };
    const auto first = month_begin(model_.day);
    return differs("jobs", usage->jobs, kept) + differs("bytes", usage->bytes, bytes) +
           differs("active", usage->active, model_.active(owner)) +
           differs("running", usage->running, running) +
           differs("today", usage->cutouts_today,
                   model_.charged_on(owner, model_.day, model_.day)) +
           differs("this month", usage->cutouts_this_month,
                   model_.charged_on(owner, first, model_.day));
  }

  fs::path directory_;
  model::Model model_;
  std::atomic<Micros> clock_ = 20'000 * kDay;
  std::optional<std::string> created_;
  JobOptions options_;
  schedule::LocalExecutor executor_{{}};
  SurveyBook surveys_{directory_, executor_};
  Estimates estimates_{{}, surveys_, std::make_unique<test::MemoryHistory>()};
  std::unique_ptr<job::Store> store_;
  std::optional<JobQuotas> quotas_;
  std::unique_ptr<JobEngine> engine_;
};

TEST(JobModel, AgreesAfterEveryStep) {
  const auto all = kinds();
  std::vector<std::string> names;
  for (const auto& each : all) names.emplace_back(each.name);
  recorte::test::try_sequences(3, 200, names, [&](const std::vector<Step>& steps) {
    Service service;
    for (const auto& step : steps) {
      const auto& [kind, name, times] = all[static_cast<std::size_t>(step.kind)];
      if (auto error = service.take(step, kind); !error.empty())
        return std::string(name) + ": " + error;
    }
    return std::string();
  });
}

}  // namespace
}  // namespace recorte::service
