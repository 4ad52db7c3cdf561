// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/random.hpp"
#include "tests/unit/schedule/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace recorte::schedule::simulation {
namespace {

constexpr std::size_t kBinsAnHour = kHour / kBin;

/// What each user is to have where all of them always have work.
std::vector<double> shares(const Setup& setup) {
  std::array<double, kClassNames.size()> owners{};
  for (const auto& user : setup.users)
    owners[static_cast<std::size_t>(user.in)] += weight_of(setup.policy, user.name);
  double classes = 0;
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (owners[i] > 0) classes += weight_of(setup.policy, static_cast<Class>(i));
  std::vector<double> out;
  for (const auto& user : setup.users)
    out.push_back(weight_of(setup.policy, user.in) / classes * weight_of(setup.policy, user.name) /
                  owners[static_cast<std::size_t>(user.in)]);
  return out;
}

/// The hour that begins with a bin.
struct Hour {
  std::vector<double> work;
  double all = 0;
  bool backlogged = true;  ///< all users, all the time
};

std::vector<Hour> hours(const Outcome& outcome) {
  std::vector<Hour> out;
  for (std::size_t first = 0; first + kBinsAnHour <= outcome.work.size(); ++first) {
    Hour hour;
    hour.work.resize(outcome.work[first].size());
    for (auto bin = first; bin < first + kBinsAnHour; ++bin)
      for (std::size_t user = 0; user < hour.work.size(); ++user) {
        hour.work[user] += outcome.work[bin][user];
        hour.backlogged = hour.backlogged && outcome.backlogged[bin][user];
      }
    hour.all = std::accumulate(hour.work.begin(), hour.work.end(), 0.0);
    out.push_back(std::move(hour));
  }
  return out;
}

/// For a plot: RECORTE_SIMULATION_CSV names the file.
void write_csv(const Setup& setup, const std::vector<Hour>& hours) {
  const char* path = std::getenv("RECORTE_SIMULATION_CSV");
  if (!path) return;
  std::ofstream file(path);
  file << "hour,user,class,seconds,share,expected,all_backlogged\n";
  const auto expected = shares(setup);
  for (std::size_t i = 0; i < hours.size(); ++i)
    for (std::size_t user = 0; user < setup.users.size(); ++user)
      file << static_cast<double>(i) / kBinsAnHour << ',' << setup.users[user].name << ','
           << kClassNames[static_cast<std::size_t>(setup.users[user].in)] << ','
           << hours[i].work[user] << ',' << hours[i].work[user] / std::max(hours[i].all, 1.0) << ','
           << expected[user] << ',' << hours[i].backlogged << '\n';
}

/// Ten users in five classes on eight workers. In the first three hours one has the machine alone.
/// From then on, in the first of every five hours, some of them are away for a while.
Setup ten_users() {
  Setup out;
  out.workers = 8;
  out.until = 43 * kHour;
  out.policy.weights = {{"cy", 3}, {"fay", 2}, {"gus", 4}};
  out.users = {{"pipeline", Class::kSystem, {}, 20'000}, {"portal", Class::kInternal, {}, 10'000},
               {"bo", Class::kPriority, {}, 2'000},      {"cy", Class::kPriority, {}, 20'000},
               {"dee", Class::kNormal, {}, 200},         {"eli", Class::kNormal, {}, 20'000},
               {"fay", Class::kNormal, {}, 2'000},       {"gus", Class::kNormal, {}, 50'000},
               {"hal", Class::kBackground, {}, 50'000},  {"ida", Class::kBackground, {}, 500}};
  std::mt19937_64 random(20'261'128);
  for (auto& user : out.users) {
    Micros from = user.name == "dee" ? 0 : 3 * kHour;
    for (Micros cycle = 3 * kHour; cycle + 5 * kHour < out.until; cycle += 5 * kHour) {
      if (random() % 2 == 0) continue;
      std::uniform_int_distribution<Micros> begin(0, 40 * kMinute);
      std::uniform_int_distribution<Micros> away(kSecond, 20 * kMinute);
      const auto to = cycle + 5 * kHour + begin(random);
      user.stays.push_back({from, to});
      from = to + away(random);
    }
    user.stays.push_back({from, out.until});
  }
  return out;
}

TEST(PolicySimulation, SharesAMillionTasksByWeights) {
  const auto setup = ten_users();
  const auto outcome = simulate(setup);
  EXPECT_GE(outcome.tasks, 1'000'000);
  EXPECT_EQ(outcome.idle_s, 0) << "no worker idles while work waits";

  const auto expected = shares(setup);
  const auto all = hours(outcome);
  write_csv(setup, all);
  double worst = 0;
  int counted = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].backlogged) continue;
    ++counted;
    for (std::size_t user = 0; user < expected.size(); ++user) {
      const double off = all[i].work[user] / all[i].all / expected[user] - 1;
      worst = std::max(worst, std::abs(off));
      EXPECT_LT(std::abs(off), 0.05)
          << setup.users[user].name << " in the hour from minute " << i * (kBin / kMinute);
    }
  }
  EXPECT_GT(counted, 100) << "hours, every ten minutes";
  RecordProperty("hours", counted);
  RecordProperty("worst_deviation", std::to_string(worst));
  EXPECT_NEAR(all[0].work[4] / all[0].all, 1, 1e-9) << "who is alone has the whole machine";
}

/// Any users, of any weights, on any number of workers, who all have work all the time.
TEST(PolicySimulation, SharesByAnyWeights) {
  recorte::test::for_rounds(6, [](recorte::test::Random& random) {
    simulation::Setup setup;
    setup.workers = static_cast<std::size_t>(random.within(1, 12));
    setup.until = 4 * kHour;
    setup.seed = random.bits();
    setup.median_s = random.between(0.3, 2);
    for (auto& rule : setup.policy.classes) rule.weight = random.between(0.5, 16);
    for (int i = random.within(2, 12); i > 0; --i) {
      const auto name = "user" + std::to_string(i);
      setup.users.push_back({name, static_cast<Class>(random.below(5)), {{0, setup.until}}, 5'000});
      setup.policy.weights[name] = random.between(0.3, 5);
    }
    const auto outcome = simulate(setup);
    EXPECT_EQ(outcome.idle_s, 0) << "no worker idles while work waits";
    const auto expected = shares(setup);
    const auto all = hours(outcome);
    for (std::size_t i = kBinsAnHour; i < all.size(); ++i)
      for (std::size_t user = 0; user < expected.size(); ++user)
        // To one in a hundred, and to a task that begins or ends within the hour.
        EXPECT_NEAR(all[i].work[user], expected[user] * all[i].all,
                    0.01 * expected[user] * all[i].all + 2 * setup.longest_s)
            << setup.users[user].name << " of " << setup.users.size();
  });
}

TEST(PolicySimulation, IsTheSameEachTime) {
  auto setup = ten_users();
  setup.until = 5 * kHour;
  const auto first = simulate(setup);
  EXPECT_GT(first.tasks, 100'000);
  EXPECT_EQ(simulate(setup).order, first.order);
  setup.seed = 2;
  EXPECT_NE(simulate(setup).order, first.order);
}

/// Bursts that come at any time, of which eight workers do 70 %.
Setup below_capacity() {
  auto out = ten_users();
  out.until = 24 * kHour;
  out.median_s = 0.9;
  const double mean_s = out.median_s * std::exp(out.spread * out.spread / 2);
  const double rate = 0.7 * static_cast<double>(out.workers) / mean_s /
                      static_cast<double>(out.users.size());  // tasks of a user in a second
  std::mt19937_64 random(7);
  for (std::size_t i = 0; i < out.users.size(); ++i) {
    auto& user = out.users[i];
    user.stays.clear();
    // A burst that needs a class's whole bound at its share alone is too large for it.
    const std::int64_t largest = user.in == Class::kSystem     ? 800
                                 : user.in == Class::kInternal ? 1'600
                                                               : 4'000;
    std::uniform_int_distribution<std::int64_t> size(1, largest);
    std::exponential_distribution<double> pause(rate / (static_cast<double>(largest + 1) / 2));
    for (double at = pause(random); at < 24 * 3'600; at += pause(random))
      out.arrivals.push_back({static_cast<Micros>(at * kSecond), i, size(random)});
  }
  std::sort(out.arrivals.begin(), out.arrivals.end(),
            [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
  return out;
}

TEST(PolicySimulation, HasNoTaskOlderThanItsBoundBelowCapacity) {
  const auto setup = below_capacity();
  const auto outcome = simulate(setup);
  EXPECT_GT(outcome.tasks, 400'000);
  EXPECT_EQ(outcome.idle_s, 0);
  for (std::size_t i = 0; i < kClassNames.size(); ++i) {
    EXPECT_LE(outcome.oldest[i], setup.policy.classes[i].bound) << kClassNames[i];
    EXPECT_GT(outcome.oldest[i], kMinute) << kClassNames[i] << ": there were bursts";
    RecordProperty(std::string("oldest_s_").append(kClassNames[i]),
                   static_cast<int>(outcome.oldest[i] / kSecond));
  }
}

/// A hundred users on two workers, most of whom have next to no weight.
Setup crowded(bool ages) {
  Setup out;
  out.workers = 2;
  out.until = 6 * kHour;
  out.longest_s = 2;
  for (std::size_t i = 0; i < kClassNames.size(); ++i)
    out.policy.classes[i].bound = ages ? static_cast<Micros>(5 + i) * kMinute : 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const auto name = "user" + std::to_string(i);
    out.users.push_back({name, static_cast<Class>(i % 5), {{0, out.until}}, 2'000});
    if (i < 10) out.policy.weights[name] = 1e4;
  }
  return out;
}

TEST(PolicySimulation, HasALineWaitForItsBoundAndTheOverdueOnly) {
  const auto setup = crowded(true);
  const auto outcome = simulate(setup);
  // Every second turn at most is an overdue line's, and each of the others may be before it once.
  const Micros before = std::llround(2 * setup.longest_s * static_cast<double>(setup.users.size()) /
                                     static_cast<double>(setup.workers)) *
                        kSecond;
  for (std::size_t i = 0; i < kClassNames.size(); ++i) {
    const auto bound = setup.policy.classes[i].bound;
    EXPECT_GT(outcome.unserved[i], bound) << kClassNames[i] << ": lines were overdue";
    EXPECT_LE(outcome.unserved[i], bound + before) << kClassNames[i];
  }
  EXPECT_EQ(outcome.idle_s, 0);
}

TEST(PolicySimulation, WouldHaveLinesWaitForEverWithoutBounds) {
  const auto outcome = simulate(crowded(false));
  for (std::size_t i = 0; i < kClassNames.size(); ++i)
    EXPECT_GT(outcome.unserved[i], kHour) << kClassNames[i];
}

}  // namespace
}  // namespace recorte::schedule::simulation
