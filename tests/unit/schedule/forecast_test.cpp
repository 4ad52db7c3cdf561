// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/forecast.hpp"

#include "tests/unit/schedule/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace recorte::schedule {
namespace {

TEST(Forecast, OfNothingIsNothing) { EXPECT_TRUE(forecast({}, PolicyOptions{}, 4).empty()); }

TEST(Forecast, OfOneJobIsItsWorkOnAllWorkers) {
  const auto out = forecast(std::vector<Expected>{{"a", Class::kNormal, false, 100, 7}}, {}, 4);
  EXPECT_DOUBLE_EQ(out[0].start_s, 0);
  EXPECT_DOUBLE_EQ(out[0].end_s, 25 + 7);
  EXPECT_EQ(out[0].ahead, 0U);
}

TEST(Forecast, SharesBetweenOwnersAndGivesWhatIsLeftToTheOther) {
  const std::vector<Expected> jobs{{"a", Class::kNormal, true, 100, 0},
                                   {"b", Class::kNormal, false, 40, 0}};
  const auto out = forecast(jobs, {}, 1);
  EXPECT_DOUBLE_EQ(out[1].end_s, 80) << "at half the pace";
  EXPECT_DOUBLE_EQ(out[0].end_s, 140);
}

TEST(Forecast, SharesBetweenClassesFirst) {
  const std::vector<Expected> jobs{{"a", Class::kPriority, false, 80, 0},
                                   {"b", Class::kNormal, false, 10, 0},
                                   {"c", Class::kNormal, false, 10, 0}};
  const auto out = forecast(jobs, {}, 1);
  EXPECT_DOUBLE_EQ(out[1].end_s, 60) << "a sixth each";
  EXPECT_DOUBLE_EQ(out[2].end_s, 60);
  EXPECT_DOUBLE_EQ(out[0].end_s, 100);
}

TEST(Forecast, TakesTheJobsOfAnOwnerOneAfterAnother) {
  const std::vector<Expected> jobs{{"a", Class::kNormal, false, 10, 5},
                                   {"b", Class::kNormal, false, 100, 0},
                                   {"a", Class::kNormal, false, 10, 0},
                                   {"a", Class::kNormal, true, 10, 0},
                                   {"a", Class::kSystem, false, 0, 0}};
  PolicyOptions policy;
  policy.weights = {{"a", 3}};
  const auto out = forecast(jobs, policy, 1);
  EXPECT_DOUBLE_EQ(out[3].start_s, 0) << "what runs comes first";
  EXPECT_NEAR(out[3].end_s, 10 / 0.75, 1e-9);
  EXPECT_NEAR(out[0].start_s, 10 / 0.75, 1e-9);
  EXPECT_NEAR(out[0].end_s, 20 / 0.75 + 5, 1e-9);
  EXPECT_NEAR(out[2].start_s, 20 / 0.75, 1e-9) << "the five seconds hold nobody up";
  EXPECT_NEAR(out[2].end_s, 30 / 0.75, 1e-9);
  EXPECT_DOUBLE_EQ(out[4].end_s, 0) << "no work, no time";
  EXPECT_EQ(out[3].ahead, 0U);
  EXPECT_EQ(out[4].ahead, 0U);
  EXPECT_EQ(out[1].ahead, 1U) << "the one of a higher class begins with it";
  EXPECT_EQ(out[0].ahead, 2U);
  EXPECT_EQ(out[2].ahead, 3U);
}

TEST(Forecast, AgreesWithTheSimulation) {
  simulation::Setup setup;
  setup.workers = 4;
  setup.until = 100 * simulation::kHour;
  setup.median_s = 1.5;
  setup.spread = 0;
  setup.policy.weights = {{"b", 2}, {"d", 0.5}};
  setup.users = {{"a", Class::kPriority, {}},
                 {"b", Class::kNormal, {}},
                 {"c", Class::kNormal, {}},
                 {"d", Class::kNormal, {}},
                 {"e", Class::kBackground, {}}};
  setup.arrivals = {{0, 0, 8'000}, {0, 1, 900},   {0, 1, 4'000}, {0, 2, 2'500}, {0, 2, 100},
                    {0, 3, 500},   {0, 4, 5'000}, {0, 0, 300},   {0, 1, 1'200}, {0, 3, 7'000}};
  const auto outcome = simulation::simulate(setup);
  std::vector<Expected> jobs;
  for (const auto& arrival : setup.arrivals)
    jobs.push_back({setup.users[arrival.user].name, setup.users[arrival.user].in, false,
                    static_cast<double>(arrival.tasks) * setup.median_s, 0});
  const auto out = forecast(jobs, setup.policy, static_cast<double>(setup.workers));
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const double ended = static_cast<double>(outcome.ended[i]) / simulation::kSecond;
    EXPECT_NEAR(out[i].end_s / ended, 1, 0.02) << "job " << i << " ended after " << ended << " s";
  }
}

}  // namespace
}  // namespace recorte::schedule
