// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/estimate.hpp"
#include "core/schedule/forecast.hpp"
#include "core/schedule/policy.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace recorte::schedule {
namespace {

constexpr Micros kSecond = 1'000'000;

Class some_class(std::size_t number) { return static_cast<Class>(number % kClassNames.size()); }

/// One turn among so many lines, and its charge.
void turn(benchmark::State& state) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i)
    lines.push_back({"astronomer" + std::to_string(i) + "@example.org", some_class(i), 0});
  FairShare policy{PolicyOptions(), 64};
  Micros now = 0;
  for (auto _ : state) {
    const auto& line = lines[*policy.next(lines, now)];
    policy.charge(line.owner, line.in, 2.0 * kSecond, now);
    now += kSecond / 32;
  }
}
BENCHMARK(turn)->Arg(10)->Arg(100)->Arg(5'000);

/// When so many jobs of a tenth as many owners end.
void foresee(benchmark::State& state) {
  std::mt19937_64 random(7);
  std::vector<Expected> jobs;
  const auto count = static_cast<std::size_t>(state.range(0));
  for (std::size_t i = 0; i < count; ++i) {
    const auto owner = random() % (count / 10);
    jobs.push_back({"astronomer" + std::to_string(owner) + "@example.org", some_class(owner),
                    i < 20, static_cast<double>(random() % 10'000), 3});
  }
  const PolicyOptions policy;
  for (auto _ : state) benchmark::DoNotOptimize(forecast(jobs, policy, 64));
}
BENCHMARK(foresee)->Arg(100)->Arg(2'000);

/// What a job will take, by as many runs as are remembered.
void estimate(benchmark::State& state) {
  std::mt19937_64 random(7);
  const auto some_work = [&] {
    const auto products = static_cast<std::int64_t>(1 + random() % 2'000);
    return Work{"demo cut fits", RunLane::kBatch, products, 4e4 * static_cast<double>(products)};
  };
  std::vector<Run> runs(300);
  for (auto& run : runs) {
    run.work = some_work();
    run.hands = 2;
    run.work_s = 0.002 * static_cast<double>(run.work.products + random() % 100);
    run.took_s = 0.4 + run.work_s / 2;
    run.bytes = 5'760 * run.work.products;
  }
  Estimator estimator;
  estimator.learn(runs);
  const auto work = some_work();
  for (auto _ : state) benchmark::DoNotOptimize(estimator.of(work).took_s(2).high);
}
BENCHMARK(estimate);

}  // namespace
}  // namespace recorte::schedule
