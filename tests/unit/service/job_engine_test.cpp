// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_engine.hpp"

#include "core/base/io.hpp"
#include "core/batch/runner.hpp"
#include "core/schedule/local_executor.hpp"
#include "server/service/job_admin.hpp"
#include "tests/unit/batch/shared_memory_store.hpp"
#include "tests/unit/service/memory_history.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <future>

namespace recorte::service {
namespace {

using namespace testing;
namespace fs = std::filesystem;

/// A store whose last step may fail, and that gives the threads of the engine nothing to do.
class Store : public batch::test::SharedMemoryStore {
 public:
  Result<job::Job> find(std::string_view id) override {
    ++asked;
    return SharedMemoryStore::find(id);
  }
  Result<job::Job> change(std::string_view id,
                          const std::function<Status(job::Job&)>& edit) override {
    if (!fails) return SharedMemoryStore::change(id, edit);
    auto job = SharedMemoryStore::find(id);
    if (!job) return job;
    RECORTE_TRY(edit(*job));
    return fail(ErrorCode::kUnavailable, "the machine stopped before the commit");
  }
  Result<job::Job> add(job::Job job, const job::Admit& admit) override {
    if (before_add) before_add(job);
    auto added = SharedMemoryStore::add(std::move(job), admit);
    if (!added || !fails) return added;
    return fail(ErrorCode::kUnavailable, "the database was lost at the commit");
  }
  Result<std::vector<job::Queued>> queue(const std::string&, std::int64_t) override {
    return std::vector<job::Queued>();
  }
  Result<std::vector<job::Job>> due(Micros, std::int64_t) override {
    return std::vector<job::Job>();
  }
  Result<std::vector<job::Job>> list(const job::Filter& filter) override {
    if (filter.owner) limit = filter.limit;  // and not the janitor's
    return SharedMemoryStore::list(filter);
  }

  bool fails = false;
  std::function<void(const job::Job&)> before_add;
  std::atomic<int> asked = 0;
  std::atomic<std::int64_t> limit = 0;
};

class JobEngineTest : public Test {
 protected:
  JobEngineTest() {
    std::string name = (fs::temp_directory_path() / "recorte-engine-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    options_.directory = directory_;
    options_.active = 2;
    options_.anonymous_active = 3;
    options_.anonymous_list = true;
    options_.most_parameters = 4;
  }
  ~JobEngineTest() override {
    engine_.reset();
    fs::remove_all(directory_);
  }

  JobEngine& engine() {
    if (!engine_)
      engine_ = std::make_unique<JobEngine>(
          options_, store_, executor_, executor_, estimates_, cutout::Budget{},
          JobPlanner::Readers{
              {job::Face::kApi,
               [this](const auto&, bool, bool, const Asker&,
                      const std::function<void(Result<batch::Ask>)>& done) { done(ask_); }}});
    return *engine_;
  }
  Result<Created> create(const std::string& user) {
    Submission submission;
    submission.face = job::Face::kApi;
    std::promise<Result<Created>> out;
    engine().create(submission, asker(user),
                    [&](Result<Created> made) { out.set_value(std::move(made)); });
    return out.get_future().get();
  }
  static Asker asker(const std::string& user) {
    Asker out;
    out.principal.user = user;
    return out;
  }
  job::Job& add(job::Phase phase = job::Phase::kPending, const std::string& owner = "anonymous") {
    const std::lock_guard lock(store_.mutex);
    std::string id(2 * batch::kJobIdBytes, static_cast<char>('a' + store_.jobs.size()));
    auto& job = store_.jobs[id];
    job.id = id;
    job.face = job::Face::kApi;
    job.phase = phase;
    job.owner = owner;
    return job;
  }

  fs::path directory_;
  JobOptions options_;
  Store store_;
  schedule::LocalExecutor executor_{{}};
  SurveyBook surveys_{directory_, executor_};
  Estimates estimates_{{}, surveys_, std::make_unique<test::MemoryHistory>()};
  batch::Ask ask_;  ///< of every job
  std::unique_ptr<JobEngine> engine_;
};

TEST_F(JobEngineTest, AnOwnerHasSoManyThatHaveNotEnded) {
  add(job::Phase::kCompleted, "ann");
  ASSERT_TRUE(create("ann"));
  const auto second = create("ann");
  ASSERT_TRUE(second);
  const auto third = create("ann");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(third.error().message,
              AllOf(HasSubstr("2 of your jobs"), HasSubstr("jobs.active"), HasSubstr("abort")));
  EXPECT_TRUE(create("bob"));
  ASSERT_TRUE(engine().abort(second->job.id, asker("ann")));
  EXPECT_TRUE(create("ann"));
}

TEST_F(JobEngineTest, WhoIsNotSignedInHasABoundOfAllTogether) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(create("anonymous"));
  const auto fourth = create("anonymous");
  ASSERT_FALSE(fourth);
  EXPECT_THAT(fourth.error().message, HasSubstr("anonymous.active"));
  EXPECT_TRUE(create("ann"));
}

TEST_F(JobEngineTest, WhatAnAdminHoldsDoesNotRunAgainByBeingAbortedFirst) {
  auto& job = add(job::Phase::kHeld, "ann");
  job.hold = job::Hold::kAdmin;
  const auto id = job.id;
  ASSERT_TRUE(engine().abort(id, asker("ann")));
  EXPECT_EQ(engine().run(id, asker("ann")).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(engine().retry(id, asker("ann")).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(engine().pause(id, asker("ann")).error().code, ErrorCode::kUsage);
  EXPECT_TRUE(JobAdmin(store_).release(id));
  EXPECT_EQ(store_.jobs.at(id).phase, job::Phase::kAborted) << "it is its owner's to run";
  EXPECT_TRUE(engine().run(id, asker("ann")));
}

TEST_F(JobEngineTest, OneThatGoesOnCountsAgain) {
  const auto& ended = add(job::Phase::kAborted, "ann");
  add(job::Phase::kExecuting, "ann");
  const auto& waits = add(job::Phase::kPending, "ann");
  EXPECT_EQ(engine().retry(ended.id, asker("ann")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(engine().run(ended.id, asker("ann")).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(engine().run(waits.id, asker("ann"))) << "it is counted already";
}

TEST_F(JobEngineTest, TheMergedParametersAreBounded) {
  const auto& job = add();
  const auto set = [&](std::vector<job::Parameter> parameters) {
    return engine().set_parameters(job.id, std::move(parameters), asker("anonymous"));
  };
  EXPECT_TRUE(set({{"survey", "a"}, {"survey", "b"}, {"survey", "c"}}));
  EXPECT_EQ(set({{"survey", "d"}, {"survey", "e"}}).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(job.parameters.size(), 3U);
  EXPECT_EQ(set({{"bands", std::string(1U << 20, 'x')}}).error().code, ErrorCode::kTooLarge);
}

TEST_F(JobEngineTest, NoPlanOutlivesItsParameters) {
  const auto& job = add();
  const auto plan = batch::plan_file(batch::job_directory(directory_, job.id));
  fs::create_directories(plan.parent_path());
  ASSERT_TRUE(write_file(plan, "of survey a"));
  // Refused: the plan is still the job's.
  EXPECT_FALSE(
      engine().set_parameters(job.id, {{"bands", std::string(2U << 20, 'x')}}, asker("anonymous")));
  EXPECT_TRUE(fs::exists(plan));
  store_.fails = true;
  EXPECT_FALSE(engine().set_parameters(job.id, {{"survey", "b"}}, asker("anonymous")));
  EXPECT_FALSE(fs::exists(plan)) << "it goes before the commit";
}

TEST_F(JobEngineTest, AListWithoutAPlanIsPlannedBeforeTheQuotaJudgesIt) {
  options_.quotas.everyone.cutouts_per_day = 2;
  auto& job = add(job::Phase::kPending, "ann");
  job.list = "stars.csv";
  const auto directory = batch::job_directory(directory_, job.id);
  fs::create_directories(directory);
  ASSERT_TRUE(write_file(batch::list_file(directory),
                         "ra,dec,survey,size\n1,2,demo,64px\n3,4,demo,64px\n5,6,demo,64px\n"));
  const auto started = engine().run(job.id, asker("ann"));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(started.error().message, HasSubstr("3 cutouts a day are more than the 2"));
}

TEST_F(JobEngineTest, WhatItAsksForByNowIsLookedAtWhenItIsToRun) {
  options_.may_see = [](const std::string& survey, std::string_view,
                        const account::Principal&) -> Status {
    if (survey == "demo") return {};
    return fail(ErrorCode::kNotFound, "no survey is called '" + survey + "'");
  };
  options_.open_for = [](std::string_view survey) -> Status {
    if (survey != "closed") return {};
    return fail(ErrorCode::kUnavailable, "the survey 'closed' is switched off");
  };
  const auto& job = add(job::Phase::kPending, "ann");
  const auto why = [&] {
    const auto started = engine().run(job.id, asker("ann"));
    return started ? "" : started.error().message;
  };
  ask_.variants = {{{"survey", "hidden"}}};
  EXPECT_THAT(why(), HasSubstr("no survey is called 'hidden'"));
  ask_.variants = {{{"survey", "closed"}}};
  EXPECT_THAT(why(), HasSubstr("switched off"));
  EXPECT_EQ(job.phase, job::Phase::kPending);
  ask_.variants = {{{"survey", "demo"}}};
  EXPECT_EQ(why(), "");

  auto& of_list = add(job::Phase::kPending, "ann");
  of_list.list = "stars.csv";
  ask_ = {};
  const auto directory = batch::job_directory(directory_, of_list.id);
  fs::create_directories(directory);
  ASSERT_TRUE(write_file(batch::list_file(directory),
                         "ra,dec,survey,size\n1,2,demo,64px\n3,4,hidden,64px\n"));
  const auto started = engine().run(of_list.id, asker("ann"));
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("no survey is called 'hidden'"));
}

TEST_F(JobEngineTest, WhatMayHaveBeenAcceptedKeepsItsDirectory) {
  fs::path directory;
  store_.before_add = [&](const job::Job& job) {
    directory = batch::job_directory(directory_, job.id);
    fs::create_directories(directory);
  };
  store_.fails = true;
  EXPECT_EQ(create("ann").error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(fs::exists(directory));
  store_.before_add = [&](const job::Job& job) {
    directory = batch::job_directory(directory_, job.id);
    fs::create_directories(directory);
    add(job::Phase::kQueued, "ann");
    add(job::Phase::kQueued, "ann");
  };
  EXPECT_EQ(create("ann").error().code, ErrorCode::kUnavailable) << "past jobs.active";
  EXPECT_FALSE(fs::exists(directory));
}

TEST_F(JobEngineTest, NoDatabaseIsAskedForWhatIsNoId) {
  engine();
  for (const auto& id : {std::string("x"), std::string(32, 'A'), std::string(31, 'a'),
                         std::string("\xff\0'", 3), std::string(100'000, 'a')}) {
    const auto asker = this->asker("anonymous");
    EXPECT_EQ(engine().find(id, asker).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(engine().run(id, asker).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(engine().remove(id, asker).error().code, ErrorCode::kNotFound);
    engine().wait(id, 0, 60, asker, [](const Result<job::Job>& job) {
      EXPECT_EQ(job.error().code, ErrorCode::kNotFound);
      EXPECT_LT(job.error().message.size(), 100U);
    });
  }
  EXPECT_EQ(store_.asked, 0);
}

TEST_F(JobEngineTest, ListsAreBounded) {
  ASSERT_TRUE(engine().list({}, asker("ann")));
  EXPECT_EQ(store_.limit, kLongestList + 1);
}

TEST_F(JobEngineTest, ARerunWithoutItsListSaysSo) {
  auto& job = add(job::Phase::kCompleted);
  job.list = "stars.csv";
  std::optional<Error> error;
  engine().rerun(job.id, asker("anonymous"),
                 [&](const Result<Created>& made) { error = made.error(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::kNotFound);
  EXPECT_THAT(error->message, AllOf(HasSubstr("the list of the job " + job.id),
                                    HasSubstr("send the list with a new job")));
}

TEST_F(JobEngineTest, PlacesOfTheServerAreNotTold) {
  auto& job = add(job::Phase::kError);
  const auto place = batch::job_directory(directory_, job.id).string();
  job.error = Error{ErrorCode::kUnavailable,
                    "cannot write " + place + "/packs/7: no space, " + place + ": full"};
  EXPECT_EQ(engine().find(job.id, asker("anonymous"))->error->message,
            "cannot write packs/7 of the results of this job: no space, the results of this job: "
            "full");
  fs::create_directories(place);
  ASSERT_TRUE(write_file(place + "/plan", "none"));
  const auto results = engine().results(job, asker("anonymous"), {});
  ASSERT_FALSE(results);
  EXPECT_THAT(results.error().message, AllOf(HasSubstr("plan of the results of this job"),
                                             Not(HasSubstr(directory_.string()))));
}

}  // namespace
}  // namespace recorte::service
