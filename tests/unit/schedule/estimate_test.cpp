// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/estimate.hpp"

#include "core/schedule/agreement.hpp"
#include "core/schedule/waiting.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace recorte::schedule {
namespace {

constexpr double kHands = 2;

/// A machine whose batches of 1 to 2,000 cutouts of 30² to 400² pixels take what they take, give or
/// take `scatter`.
class Machine {
 public:
  explicit Machine(unsigned seed, double scatter = 0.15) : random_(seed), scatter_(scatter) {}
  double slowness = 1;

  Work work(std::string kind = "demo cut fits") {
    std::uniform_real_distribution<double> count(0, std::log(2'000.0));
    std::uniform_real_distribution<double> side(std::log(30.0), std::log(400.0));
    Work out{std::move(kind), RunLane::kBatch, 0, 0};
    out.products = std::llround(std::exp(count(random_)));
    out.pixels = static_cast<double>(out.products) * std::exp(2 * side(random_));
    return out;
  }
  Run run(const Work& work) {
    std::normal_distribution<double> off(0, scatter_);
    std::uniform_real_distribution<double> wait(0.2, 0.7);
    Run out;
    out.work = work;
    out.hands = kHands;
    const auto n = static_cast<double>(work.products);
    out.work_s = slowness * (0.0015 * n + 3e-8 * work.pixels) * std::exp(off(random_));
    out.took_s = wait(random_) + 1.1 * out.work_s / std::min(kHands, n);
    out.bytes = std::llround(5'760 * n + 4 * work.pixels);
    return out;
  }

 private:
  std::mt19937 random_;
  double scatter_;
};

bool within(double value, const Band& band) { return band.low <= value && value <= band.high; }

TEST(Estimate, HoldsFourOfFiveFurtherRunsInItsBand) {
  int held = 0;
  int of = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    Machine machine(seed);
    Estimator estimator;
    for (int i = 0; i < 50; ++i) estimator.learn(machine.run(machine.work()));
    int here = 0;
    for (int i = 0; i < 100; ++i) {
      const auto run = machine.run(machine.work());
      const auto estimate = estimator.of(run.work);
      here += within(run.took_s, estimate.took_s(kHands)) ? 1 : 0;
      EXPECT_NEAR(estimate.bytes.middle / static_cast<double>(run.bytes), 1, 0.1);
      estimator.learn(run);
    }
    EXPECT_GE(here, 70) << seed;
    EXPECT_LE(here, 92) << seed;
    held += here;
    of += 100;
  }
  EXPECT_NEAR(static_cast<double>(held) / of, 0.8, 0.05);
}

TEST(Estimate, OfNothingIsThePriorAndWide) {
  const Estimator estimator;
  const auto estimate = estimator.of({"demo cut fits", RunLane::kBatch, 100, 100 * 4e4});
  EXPECT_EQ(estimate.basis, "prior");
  EXPECT_EQ(estimate.runs, 0U);
  const auto took = estimate.took_s(kHands);
  EXPECT_GT(took.high / took.low, 5);
  EXPECT_GT(took.low, 0);
  const Work one{"demo cut fits", RunLane::kSync, 1, 200 * 200};
  EXPECT_LT(estimator.of(one).took_s(1).high, 0.1);
  EXPECT_LT(estimator.seconds_alone(one), 0.02);
}

TEST(Estimate, IsLearntFromSimilarRunsThenFromItsOwn) {
  Machine machine(1, 0.05);
  machine.slowness = 20;
  Estimator estimator;
  const Work wanted{"des_dr2 cut fits", RunLane::kBatch, 500, 500 * 4e4};
  const double truth = 20 * (0.0015 * 500 + 3e-8 * wanted.pixels);
  for (int i = 0; i < 30; ++i) estimator.learn(machine.run(machine.work("demo lupton png")));
  EXPECT_EQ(estimator.of(wanted).basis, "other runs");
  for (int i = 0; i < 30; ++i) estimator.learn(machine.run(machine.work("demo cut fits")));
  const auto similar = estimator.of(wanted);
  EXPECT_EQ(similar.basis, "similar runs");
  EXPECT_EQ(similar.runs, 30U);
  EXPECT_NEAR(similar.work_s.middle / (1.1 * truth), 1, 0.15);
  machine.slowness = 60;
  for (int i = 0; i < 30; ++i) estimator.learn(machine.run(machine.work("des_dr2 cut fits")));
  const auto own = estimator.of(wanted);
  EXPECT_EQ(own.basis, "runs of this kind");
  EXPECT_NEAR(own.work_s.middle / (3 * 1.1 * truth), 1, 0.2);
  EXPECT_EQ(estimator.of({"demo cut fits", RunLane::kSync, 1, 4e4}).basis, "prior");
}

TEST(Estimate, OfOtherFormatsSaysNothingOfBytes) {
  Machine machine(3);
  Estimator estimator;
  for (int i = 0; i < 30; ++i) estimator.learn(machine.run(machine.work("demo cut fits")));
  const auto jpeg = estimator.of({"demo lupton jpeg", RunLane::kBatch, 10, 1e7});
  const auto fits = estimator.of({"demo cut fits", RunLane::kBatch, 10, 1e7});
  EXPECT_LT(jpeg.bytes.middle, fits.bytes.middle / 3);
}

TEST(Estimate, FollowsADrift) {
  Machine machine(5);
  Estimator estimator;
  const Work wanted{"demo cut fits", RunLane::kBatch, 1'000, 1'000 * 4e4};
  for (int i = 0; i < 100; ++i) estimator.learn(machine.run(machine.work()));
  const double before = estimator.of(wanted).work_s.middle;
  machine.slowness = 3;
  for (int i = 0; i < 60; ++i) estimator.learn(machine.run(machine.work()));
  EXPECT_NEAR(estimator.of(wanted).work_s.middle / before, 3, 0.5);
}

TEST(Estimate, IsNotSpoiltByOneThatTookAHundredTimesAsLong) {
  Machine machine(7);
  Estimator clean;
  Estimator spoilt;
  for (int i = 0; i < 50; ++i) {
    auto run = machine.run(machine.work());
    clean.learn(run);
    if (i == 40) {
      run.work_s *= 100;
      run.took_s *= 100;
      run.bytes *= 100;
    }
    spoilt.learn(run);
  }
  for (int i = 0; i < 20; ++i) {
    const auto work = machine.work();
    const auto good = clean.of(work);
    const auto bad = spoilt.of(work);
    EXPECT_NEAR(bad.took_s(kHands).middle / good.took_s(kHands).middle, 1, 0.1);
    EXPECT_NEAR(bad.bytes.middle / good.bytes.middle, 1, 0.03);
    EXPECT_LT(bad.took_s(kHands).high / good.took_s(kHands).high, 1.6);
  }
}

TEST(Estimate, GrowsWithProductsAndPixelsAndIsNeverNegative) {
  Machine machine(11, 0.5);
  Estimator estimator;
  for (int i = 0; i < 80; ++i) {
    double last = 0;
    double bytes = 0;
    for (std::int64_t n = 1; n < 100'000; n *= 3) {
      for (const double pixels : {1e3, 4e4, 1e6}) {
        const auto all = static_cast<double>(n) * pixels;
        const auto some = estimator.of({"demo cut fits", RunLane::kBatch, n, all});
        const auto more = estimator.of({"demo cut fits", RunLane::kBatch, n, 2 * all});
        EXPECT_LE(some.work_one_s, more.work_one_s);
        EXPECT_GE(some.work_s.low, 0);
        EXPECT_LE(some.work_s.low, some.work_s.middle);
        EXPECT_LE(some.work_s.middle, some.work_s.high);
        const auto took = some.took_s(kHands, 5);
        EXPECT_GE(took.low, 0);
        EXPECT_LE(took.low, took.middle);
        EXPECT_LE(took.middle, took.high);
        if (pixels != 4e4) continue;
        EXPECT_GE(some.work_one_s, last);
        last = some.work_one_s;
        EXPECT_GE(some.bytes.middle, bytes * 0.99);
        bytes = some.bytes.middle;
      }
    }
    estimator.learn(machine.run(machine.work()));
  }
}

TEST(Estimate, IsShorterWithMoreWorkersAsFarAsThereAreProducts) {
  Machine machine(13);
  Estimator estimator;
  for (int i = 0; i < 50; ++i) estimator.learn(machine.run(machine.work()));
  const auto many = estimator.of({"demo cut fits", RunLane::kBatch, 2'000, 2'000 * 4e4});
  EXPECT_NEAR(many.took_s(8).middle / many.took_s(2).middle, 0.25, 0.15);
  const auto one = estimator.of({"demo cut fits", RunLane::kBatch, 1, 1e8});
  EXPECT_EQ(one.took_s(8).middle, one.took_s(1).middle);
}

TEST(Estimate, CountsWhoIsAhead) {
  Machine machine(17);
  Estimator estimator;
  for (int i = 0; i < 50; ++i) estimator.learn(machine.run(machine.work()));
  const auto estimate = estimator.of(machine.work());
  EXPECT_GT(estimate.took_s(kHands, 100).low, 25);  // no run has waited: wide
  EXPECT_NEAR(estimate.took_s(kHands, 1'000).middle / 1'000, 1, 0.3);
}

TEST(Estimate, LearnsWorkButNotTimeFromRunsThatWaitedForOthers) {
  Machine machine(19);
  Estimator estimator;
  for (int i = 0; i < 50; ++i) {
    auto run = machine.run(machine.work());
    run.waited_s = 100;
    run.took_s += 100;
    estimator.learn(run);
  }
  const Work wanted{"demo cut fits", RunLane::kBatch, 1'000, 1'000 * 4e4};
  EXPECT_NEAR(estimator.of(wanted).work_s.middle / (0.0015 * 1'000 + 3e-8 * wanted.pixels), 1, 0.2);
  EXPECT_LT(estimator.of(wanted).took_s(kHands).middle, 5);
}

TEST(QueueSeconds, AreWhatThoseWhoWaitTake) {
  EXPECT_EQ(queue_seconds(1'000, 0.02, 2), 10);
  EXPECT_EQ(queue_seconds(1'000, 0.0201, 2), 11);
  EXPECT_EQ(queue_seconds(3, 0.001, 8), 1);
  EXPECT_EQ(queue_seconds(1'000, 0, 2), 0) << "nothing is known";
  EXPECT_EQ(queue_seconds(1'000, 1, 0), 1'000);
  ServiceTime time;
  EXPECT_EQ(time.mean(), 0);
  time.add(2);
  EXPECT_EQ(time.mean(), 2);
  for (int i = 0; i < 100; ++i) time.add(0.5);
  EXPECT_NEAR(time.mean(), 0.5, 0.01);
}

TEST(Agreement, CountsKindByKind) {
  std::vector<schedule::Run> runs(4);
  for (auto& run : runs) {
    run.work = {"demo cut fits", RunLane::kBatch, 1, 1};
    run.predicted_s = {5, 10, 20};
    run.took_s = 12;
    run.predicted_bytes = 100;
    run.bytes = 105;
  }
  runs[1].took_s = 21;
  runs[1].bytes = 150;
  runs[2].took_s = 0;  // it was held
  runs[3].work.kind = "another";
  const auto rows = agreement(runs);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].kind, "another");
  EXPECT_EQ(rows[1].runs, 3U);
  EXPECT_EQ(rows[1].told, 2U);
  EXPECT_EQ(rows[1].in_band, 1U);
  EXPECT_NEAR(rows[1].typical_factor, 1.2, 1e-9);
  EXPECT_EQ(rows[1].sized, 3U);
  EXPECT_EQ(rows[1].near_size, 2U);
  EXPECT_NEAR(rows[1].typical_size_factor, 1.05, 1e-9);
}

TEST(Estimate, LearnsNothingFromNothing) {
  Estimator estimator;
  estimator.learn(schedule::Run{});
  estimator.learn(std::vector<schedule::Run>());
  EXPECT_EQ(estimator.of({"demo cut fits", RunLane::kBatch, 1, 1}).basis, "prior");
}

}  // namespace
}  // namespace recorte::schedule
