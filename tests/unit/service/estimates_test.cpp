// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/estimates.hpp"

#include "core/base/text.hpp"
#include "core/schedule/local_executor.hpp"
#include "server/service/admission.hpp"
#include "server/service/ask_work.hpp"
#include "server/service/estimate.hpp"
#include "tests/unit/service/memory_history.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <future>

namespace recorte::service {
namespace {

using namespace testing;
using schedule::RunLane;
using test::MemoryHistory;

const nlohmann::json kDemo{{"pixel_scale", 0.0001}, {"bands", {"g", "r", "i", "z"}}};

cutout::CutoutRequest stamp(double pixels, std::vector<std::string> bands = {"g"}) {
  cutout::CutoutRequest out;
  out.survey = "demo";
  out.stencil =
      *sky::make_box({10, 0}, {pixels, Extent::Unit::kPixel}, {pixels, Extent::Unit::kPixel});
  out.bands = std::move(bands);
  return out;
}

std::shared_ptr<const Surveys> demo() {
  auto out = std::make_shared<Surveys>();
  out->cards.push_back({"demo", std::make_shared<const nlohmann::json>(kDemo), {}});
  return out;
}

/// Pixels in whole blocks of 2880 bytes.
constexpr double kBlock = 720, k10 = kBlock, k100 = 14 * kBlock, k200 = 56 * kBlock;

TEST(Features, AreOfThePixelsThatAreMade) {
  EXPECT_EQ(features_of(stamp(200), &kDemo).kind, "demo auto fits");
  EXPECT_EQ(features_of(stamp(200), &kDemo).pixels, k200);
  EXPECT_EQ(features_of(stamp(200, {}), &kDemo).pixels, 4 * k200);
  auto request = stamp(200, {"g", "r"});
  request.planes = {cutout::Plane::kImage, cutout::Plane::kWeight};
  EXPECT_EQ(features_of(request, &kDemo).pixels, 4 * k200);
  request.stencil = *sky::make_circle(10, 0, 0.01);
  EXPECT_EQ(features_of(request, &kDemo).pixels, 4 * k200);
  request.pixscale = 0.0002;
  EXPECT_EQ(features_of(request, &kDemo).kind, "demo mosaic fits");
  EXPECT_EQ(features_of(request, &kDemo).pixels, 4 * k100);
  request.width = request.height = 10;
  EXPECT_EQ(features_of(request, &kDemo).pixels, 4 * k10);
  request.algorithm = "stitch";
  EXPECT_EQ(features_of(request, &kDemo).kind, "demo stitch fits");
}

TEST(Features, OfPicturesAreOfTheirColours) {
  auto request = stamp(100, {});
  request.format = cutout::Format::kPng;
  EXPECT_EQ(features_of(request, &kDemo).kind, "demo lupton png");
  EXPECT_EQ(features_of(request, &kDemo).pixels, 3 * 100 * 100);
  request.bands = {"g"};
  EXPECT_EQ(features_of(request, &kDemo).pixels, 100 * 100);
}

TEST(Features, AreThereForSurveysThatSayNothing) {
  EXPECT_EQ(features_of(stamp(200), nullptr).pixels, k200);
  EXPECT_GT(features_of(stamp(200, {}), nullptr).pixels, 0);
}

batch::Ask ask(std::vector<batch::Values> variants, std::vector<batch::Values> regions = {}) {
  batch::Ask out;
  out.variants = std::move(variants);
  out.regions = std::move(regions);
  return out;
}

TEST(WorkOfAnAsk, IsOfEveryRegionInEveryVariant) {
  const batch::Values fits{{"survey", "demo"}, {"bands", "g"}};
  const batch::Values png{{"survey", "demo"}, {"bands", "g"}, {"format", "png"}};
  const auto work =
      work_of(ask({fits, png}, {{{"circle", "10 0 0.01"}}, {{"circle", "11 0 0.02"}}}), {},
              WorkSum(demo()));
  EXPECT_EQ(work.kind, "demo auto fits + demo lupton png");
  EXPECT_EQ(work.products, 4);
  EXPECT_NEAR(work.pixels, k200 + 223 * kBlock + 200 * 200 + 400 * 400, 4);
}

TEST(WorkOfAnAsk, IsOfSoManyPositionsWhereverTheyAre) {
  const auto work = work_of(ask({{{"survey", "demo"}, {"size", "100px"}, {"bands", "g"}}}), 1'000,
                            WorkSum(demo()));
  EXPECT_EQ(work.products, 1'000);
  EXPECT_DOUBLE_EQ(work.pixels, 1'000 * k100);
}

TEST(WorkOfAnAsk, OfManyRegionsSomeStandForAll) {
  std::vector<batch::Values> regions;
  for (int i = 0; i < 9'999; ++i)
    regions.push_back({{"circle", "10 0 " + number_text(0.001 * (1 + i % 7))}});
  const batch::Values variant{{"survey", "demo"}, {"bands", "g"}};
  const auto some = work_of(ask({variant}, regions), {}, WorkSum(demo()));
  WorkSum all(demo());
  for (int i = 0; i < 9'999; ++i) {
    auto request = stamp(1);
    request.stencil = *sky::make_circle(10, 0, 0.001 * (1 + i % 7));
    all.add(request);
  }
  EXPECT_EQ(some.products, 9'999);
  EXPECT_NEAR(some.pixels / all.work().pixels, 1, 0.05);
}

TEST(WorkOfAnAsk, IsNotSaidWhereSomethingIsMissing) {
  EXPECT_EQ(work_of(ask({{{"survey", "demo"}}}), {}, WorkSum(demo())).kind, "");
}

job::Job completed() {
  job::Job job;
  job.id = "a";
  job.phase = job::Phase::kCompleted;
  job.products = 100;
  job.outside = 20;
  job.tally = {.ok = 70, .partial = 10, .no_coverage = 20, .bytes = 1'000, .work_us = 8'000'000};
  job.prediction = {"demo auto fits", 8e6, 1'000'000, 3'000'000, 9'000'000, 900, 500'000};
  job.queued = 100'000'000;
  job.quote = job.queued + job.prediction.middle;
  job.ended = 104'500'000;
  return job;
}

TEST(Runs, SayWhatAJobTookAndWhatWasSaidOfIt) {
  const auto run = run_of(completed(), 2);
  EXPECT_EQ(run.work.kind, "demo auto fits");
  EXPECT_EQ(run.work.products, 80);
  EXPECT_EQ(run.work.pixels, 8e6);
  EXPECT_EQ(run.hands, 2);
  EXPECT_DOUBLE_EQ(run.work_s, 8);
  EXPECT_DOUBLE_EQ(run.took_s, 4.5);
  EXPECT_DOUBLE_EQ(run.waited_s, 0.5);
  EXPECT_DOUBLE_EQ(run.predicted_s.middle, 3);
  EXPECT_EQ(run.bytes, 1'000);
}

TEST(Runs, ThatWereNotDoneInOneGoTellNoTime) {
  auto held = completed();
  held.queued += 60'000'000;  // it waited anew
  EXPECT_EQ(run_of(held, 2).took_s, 0);
  EXPECT_DOUBLE_EQ(run_of(held, 2).work_s, 8);
  auto again = completed();
  again.rounds = 1;
  EXPECT_EQ(run_of(again, 2).work.kind, "");
}

TEST(Runs, ThatFailedTeachNothing) {
  for (const auto phase : {job::Phase::kError, job::Phase::kAborted}) {
    auto job = completed();
    job.phase = phase;
    EXPECT_EQ(run_of(job, 2).work.kind, "");
  }
  auto job = completed();
  job.tally.failed = 30;
  EXPECT_EQ(run_of(job, 2).work.kind, "");
}

class EstimatesTest : public Test {
 protected:
  EstimatesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "recorte-surveys-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    surveys_.emplace(directory_, executor_);
  }
  ~EstimatesTest() override { std::filesystem::remove_all(directory_); }

  Estimates& with(std::vector<schedule::Run> runs = {}, Estimates::Options options = {}) {
    auto history = std::make_unique<MemoryHistory>(std::move(runs));
    history_ = history.get();
    estimates_ = std::make_unique<Estimates>(options, *surveys_, std::move(history));
    return *estimates_;
  }

  std::filesystem::path directory_;
  schedule::LocalExecutor executor_{{}};
  std::optional<SurveyBook> surveys_;
  MemoryHistory* history_ = nullptr;
  std::unique_ptr<Estimates> estimates_;
};

const schedule::Work kWork{"demo auto fits", RunLane::kBatch, 100, 4e6};

TEST_F(EstimatesTest, BeginWithTheHistory) {
  EXPECT_EQ(with().of(kWork).basis, "prior");
  schedule::Run run;
  run.work = kWork;
  run.work_s = 50;
  run.took_s = 60;
  auto& known = with({run, run, run});
  EXPECT_EQ(known.of(kWork).basis, "runs of this kind");
  EXPECT_GT(known.of(kWork).work_s.middle, 10);
}

TEST_F(EstimatesTest, LearnFromJobsAndRememberThem) {
  auto& estimates = with({}, {.keep = 0});
  estimates.learn(completed());
  auto failed = completed();
  failed.phase = job::Phase::kError;
  estimates.learn(failed);
  estimates.drain();
  EXPECT_EQ(estimates.of(kWork).runs, 1U);
  const auto kept = history_->latest(10);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().id, "a");
}

TEST_F(EstimatesTest, LearnFromRealTimeCutoutsNowAndThen) {
  auto& estimates =
      with({}, {.between_learnt = 3'600'000'000, .between_remembered = 3'600'000'000});
  const schedule::Work one{"demo auto fits", RunLane::kSync, 1, 4e4};
  for (int i = 0; i < 100; ++i) estimates.learn(one, 2'000, 170'000, "r");
  estimates.drain();
  EXPECT_EQ(estimates.of(one).runs, 1U);
  const auto kept = history_->latest(10);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_GT(kept->front().predicted_s.middle, 0);
  EXPECT_EQ(estimates.of(kWork).basis, "prior") << "batches are another matter";
}

TEST_F(EstimatesTest, ForgetWhatIsOlderThanIsKept) {
  auto old = completed();
  old.ended = old.queued = 2'000'000;
  auto& estimates = with();
  estimates.learn(completed());
  estimates.drain();
  EXPECT_GT(history_->forgotten, 1'000'000'000'000'000);
}

TEST_F(EstimatesTest, GoOnWhereTheHistoryFails) {
  auto history = std::make_unique<MemoryHistory>();
  history->fails = true;
  internal::CaptureStderr();
  Estimates estimates({}, *surveys_, std::move(history));
  estimates.learn(completed());
  estimates.drain();
  EXPECT_THAT(internal::GetCapturedStderr(), HasSubstr("is not remembered: the disk is full"));
  EXPECT_EQ(estimates.of(kWork).runs, 1U);
}

TEST_F(EstimatesTest, PredictWhenABatchEndsBehindOthers) {
  auto& estimates = with({}, {.batch_workers = 2});
  const auto alone = estimates.predict(kWork, 0);
  const auto behind = estimates.predict(kWork, 100);
  EXPECT_EQ(alone.kind, kWork.kind);
  EXPECT_LT(alone.low, alone.middle);
  EXPECT_LT(alone.middle, alone.high);
  EXPECT_GT(behind.middle, alone.middle + 50'000'000);
  EXPECT_EQ(behind.wait, 100'000'000);
  EXPECT_GT(alone.bytes, 4 * 4'000'000);
}

TEST_F(EstimatesTest, SayWhatIsLeftOfAJob) {
  auto& estimates = with();
  job::Queued job;
  job.phase = job::Phase::kQueued;
  job.products = 100;
  job.prediction = {"demo auto fits", 4e6, 0, 0, 0, 0, 0};
  const auto whole = estimates.left(job);
  EXPECT_DOUBLE_EQ(whole.work_s, estimates.of(kWork).work_s.middle);
  job.phase = job::Phase::kExecuting;
  job.done = 75;
  const auto rest = estimates.left(job);
  EXPECT_NEAR(rest.work_s, whole.work_s / 4, 1e-9);
  EXPECT_LT(rest.fixed_s, whole.fixed_s);
  job.done = 1'000;
  EXPECT_EQ(estimates.left(job).work_s, 0);
}

TEST_F(EstimatesTest, AdmitWhatIsShortAndSmall) {
  auto& estimates = with();
  const auto request = stamp(200);
  const auto work = work_of(request, *demo(), RunLane::kSync);
  EXPECT_TRUE(admit(request, work, 200'000, estimates, {60'000'000, 1 << 20}));
  const auto large = admit(request, work, 3 << 20, estimates, {60'000'000, 1 << 20});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(large.error().message, AllOf(HasSubstr("about 3MiB"), HasSubstr("may have 1MiB"),
                                           HasSubstr("sync.max_bytes")));
  const auto slow = admit(request, work, 200'000, estimates, {1'000, 0});
  ASSERT_FALSE(slow);
  EXPECT_THAT(slow.error().message,
              AllOf(HasSubstr("would take about"), HasSubstr("sync.max_seconds")));
  EXPECT_TRUE(admit(request, work, 1LL << 50, estimates, {0, 0}));
}

TEST_F(EstimatesTest, AdmitEveryUsualCutoutWithoutAnyHistory) {
  auto& estimates = with();
  for (const double pixels : {1.0, 200.0, 2'000.0, 10'000.0}) {
    const auto request = stamp(pixels, {"g", "r", "i"});
    EXPECT_TRUE(
        admit(request, work_of(request, *demo(), RunLane::kSync), 0, estimates, {60'000'000, 0}))
        << pixels;
  }
  const auto request = stamp(200);
  EXPECT_LT(estimates.seconds_alone(work_of(request, *demo(), RunLane::kSync)), 0.05);
}

TEST_F(EstimatesTest, ARefusedCutoutIsAJobForAShell) {
  http::Request request;
  request.base_url = "https://cut.example.org/it's";
  request.parameters = {
      {"ID", "demo"}, {"POS", "CIRCLE 0.05 +10 1"}, {"CAPTION", "it's & <x>"}, {"FILTER", ""}};
  EXPECT_EQ(as_job(request, {"/async", "PHASE=RUN"}),
            "curl -L -d 'ID=demo&POS=CIRCLE+0.05+%2B10+1&CAPTION=it%27s+%26+%3Cx%3E&PHASE=RUN' "
            "'https://cut.example.org/it'\\''s/async'");
}

}  // namespace
}  // namespace recorte::service
