// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/estimates.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace recorte::service {
namespace {

constexpr double kSecond = 1e6;
constexpr std::int64_t kOfEachKind = 120;
constexpr Micros kBetweenForgetting = 86'400'000'000;
/// A job of which more failed says little of what others take: one in so many.
constexpr std::int64_t kFewFail = 20;
/// A job that waited anew, since it was held or run again, has no time that was foretold.
constexpr Micros kSameStart = 2'000'000;

Micros micros(double seconds) { return std::llround(seconds * kSecond); }
double seconds(Micros time) { return static_cast<double>(time) / kSecond; }

}  // namespace

std::int64_t inside_of(const job::Job& job) {
  return job.products - std::max<std::int64_t>(0, job.outside);
}

schedule::Run run_of(const job::Job& job, double workers) {
  schedule::Run out;
  const auto& said = job.prediction;
  const auto made = job.tally.ok + job.tally.partial;
  const auto foreseen = inside_of(job);
  if (job.phase != job::Phase::kCompleted || job.rounds > 0 || said.kind.empty() || made <= 0 ||
      foreseen <= 0 || job.tally.failed * kFewFail > job.tally.products())
    return out;
  out.work = {said.kind, schedule::RunLane::kBatch, made,
              said.pixels * static_cast<double>(made) / static_cast<double>(foreseen)};
  out.id = job.id;
  out.ended = job.ended;
  out.hands = workers;
  out.work_s = seconds(job.tally.work_us);
  out.bytes = job.tally.bytes;
  out.predicted_bytes = said.bytes;
  const auto accepted = job.quote - said.middle;
  if (std::abs(job.queued - accepted) > kSameStart) return out;
  out.took_s = seconds(job.ended - accepted);
  out.waited_s = seconds(said.wait);
  out.predicted_s = {seconds(said.low), seconds(said.middle), seconds(said.high)};
  return out;
}

Estimates::Estimates(Options options, SurveyBook& surveys,
                     std::unique_ptr<schedule::History> history)
    : options_(options), surveys_(surveys), history_(std::move(history)) {
  const auto runs = history_->latest(kOfEachKind);
  if (runs)
    estimator_.learn(*runs);
  else
    log::write(log::Level::kWarn, "estimates begin without the history: " + runs.error().message);
}

Estimates::~Estimates() = default;

void Estimates::measure(const std::function<void(WorkSum)>& then) {
  surveys_.ask([then](auto surveys) { then(WorkSum(std::move(surveys))); });
}

schedule::Estimate Estimates::of(const schedule::Work& work) const {
  const std::shared_lock lock(mutex_);
  return estimator_.of(work);
}

double Estimates::seconds_alone(const schedule::Work& work) const {
  const std::shared_lock lock(mutex_);
  return estimator_.seconds_alone(work);
}

job::Prediction Estimates::predict(const schedule::Work& work, double wait_s) const {
  const auto estimate = of(work);
  const auto took = estimate.took_s(options_.batch_workers, wait_s);
  job::Prediction out;
  out.kind = work.kind;
  out.pixels = work.pixels;
  out.low = micros(took.low);
  out.middle = micros(took.middle);
  out.high = micros(took.high);
  out.bytes = std::llround(estimate.bytes.middle);
  out.wait = micros(wait_s);
  return out;
}

QueueView::Left Estimates::left(const job::Queued& job) const {
  const auto products = static_cast<double>(std::max<std::int64_t>(1, job.products));
  const auto share = std::clamp(1 - static_cast<double>(job.done) / products, 0.0, 1.0);
  const auto estimate = of({job.prediction.kind, schedule::RunLane::kBatch,
                            std::max<std::int64_t>(1, job.products), job.prediction.pixels});
  const bool waits = job.phase != job::Phase::kExecuting;
  return {estimate.work_s.middle * share, waits ? estimate.fixed_s : estimate.fixed_s / 2};
}

double Estimates::seconds_per_product(const job::Job& job) const {
  const auto products = std::max<std::int64_t>(1, inside_of(job));
  return of({job.prediction.kind, schedule::RunLane::kBatch, products, job.prediction.pixels})
             .work_s.middle /
         static_cast<double>(products);
}

void Estimates::learn(const job::Job& job) {
  auto run = run_of(job, options_.batch_workers);
  if (!run.work.kind.empty()) take(std::move(run), true);
}

void Estimates::learn(const schedule::Work& work, std::int64_t worked_us, std::int64_t bytes,
                      const std::string& id) {
  const auto now = steady_micros();
  auto due = next_learnt_.load(std::memory_order_relaxed);
  if (now < due || !next_learnt_.compare_exchange_strong(due, now + options_.between_learnt))
    return;
  const bool remember = now >= next_remembered_;
  if (remember) next_remembered_ = now + options_.between_remembered;
  schedule::Run run;
  run.work = work;
  run.id = id;
  run.ended = now_micros();
  run.work_s = run.took_s = seconds(worked_us);
  run.bytes = bytes;
  take(std::move(run), remember);
}

void Estimates::take(schedule::Run run, bool remember) {
  crew_.post([this, run = std::move(run), remember]() mutable {
    if (run.work.lane == schedule::RunLane::kSync) {
      const auto said = of(run.work);
      run.predicted_s = said.took_s(1);
      run.predicted_bytes = std::llround(said.bytes.middle);
    }
    {
      const std::lock_guard lock(mutex_);
      estimator_.learn(run);
    }
    if (!remember) return;
    const auto added = history_->add(run);
    if (!added)
      log::write(log::Level::kWarn, "a run is not remembered: " + added.error().message,
                 {{"id", run.id}});
    const auto now = now_micros();
    if (options_.keep <= 0 || now < next_forgotten_) return;
    next_forgotten_ = now + kBetweenForgetting;
    if (const auto gone = history_->forget(now - options_.keep); !gone)
      log::write(log::Level::kWarn, "old runs are not forgotten: " + gone.error().message);
  });
}

}  // namespace recorte::service
