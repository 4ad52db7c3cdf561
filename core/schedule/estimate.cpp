// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/estimate.hpp"

#include "core/base/text.hpp"
#include "core/schedule/robust_fit.hpp"
#include "core/schedule/score_band.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <functional>
#include <set>
#include <utility>

namespace recorte::schedule {
namespace {

constexpr double kLeast = 1e-6;  ///< seconds, or bytes: nothing is quicker
/// Scatter of predictions where nothing is known: within a factor of three in four of five cases.
constexpr double kTimeScatter = 0.8;
constexpr double kSizeScatter = 0.4;
/// The parts that take turns in foretelling their own runs from the others.
constexpr std::size_t kFolds = 8;
/// One that waited for longer tells little about its own time.
constexpr double kMostWaiting = 0.25;
/// Where a prior is believed: (products, pixels), and (1, seconds of work).
constexpr std::array<std::array<double, 2>, 2> kWorkAnchors{{{1, 4e4}, {1, 1e6}}};
constexpr std::array<std::array<double, 2>, 2> kTimeAnchors{{{1, 0}, {1, 10}}};

/// What is stated before there is any history: what small and large cutouts of the demo sky take on
/// a slow core, rounded up. Work and bytes a product and a pixel; seconds at once, and per second
/// of work.
struct Prior {
  Line2 work, time;
};
Prior prior_of(RunLane lane) {
  if (lane == RunLane::kSync) return {{0.003, 5e-8}, {0.002, 1}};
  return {{0.005, 5e-8}, {0.5, 1}};
}
Line2 size_prior(std::string_view kind) {
  const auto format = kind.substr(kind.rfind(' ') + 1);
  if (format == "png") return {1'500, 1.2};
  if (format == "jpeg") return {1'500, 0.4};
  return {10'000, 4};
}

/// "cut fits" of "des_dr2 cut fits"; of several kinds each once.
std::string without_survey(std::string_view kind) {
  std::set<std::string> parts;
  for (const auto& part : split(kind, '+')) parts.insert(part.substr(part.find(' ') + 1));
  return join({parts.begin(), parts.end()}, " + ");
}

enum class Level : std::uint8_t { kSame, kSimilar, kAny };

/// Of a pool: one kind's never begins as another level's.
std::string name_of(const Work& work, Level level) {
  const std::string lane = work.lane == RunLane::kSync ? "sync" : "batch";
  if (level == Level::kSame) return lane + "=" + work.kind;
  return level == Level::kSimilar ? lane + "~" + without_survey(work.kind) : lane;
}

double products_of(const Work& work) { return static_cast<double>(work.products); }
/// Work is shared out by whole products.
double hands_for(const Work& work, double hands) {
  return std::clamp(hands, 1.0, std::max(1.0, products_of(work)));
}

}  // namespace

struct Learnt {
  Line2 work, bytes, time;
  ScoreBand work_band{{}, kTimeScatter}, size_band{{}, kSizeScatter}, time_band{{}, kTimeScatter};
  std::size_t runs = 0;
};

struct Estimator::Pool {
  Level level = Level::kAny;
  std::string above;  ///< name of the pool that says what this one does not know
  std::deque<Run> runs;
  std::shared_ptr<const Learnt> learnt;
};

namespace {

Learnt stated(const Work& work) {
  const auto prior = prior_of(work.lane);
  Learnt out;
  out.work = prior.work;
  out.time = prior.time;
  out.bytes = size_prior(work.kind);
  return out;
}

/// Some of a pool's runs as points, with their weights.
struct Points {
  std::vector<Point> work, bytes, time;

  void add(const Run& run, double weight) {
    const double n = products_of(run.work);
    work.push_back({n, run.work.pixels, std::max(kLeast, run.work_s), weight});
    bytes.push_back(
        {n, run.work.pixels, static_cast<double>(std::max<std::int64_t>(1, run.bytes)), weight});
    if (run.took_s <= 0 || run.waited_s > kMostWaiting * run.took_s) return;
    time.push_back({1, run.work_s / hands_for(run.work, run.hands),
                    std::max(kLeast, run.took_s - run.waited_s), weight});
  }
  void fit(const Learnt& prior, Learnt& out) const {
    out.work = robust_fit(work, prior.work, kWorkAnchors, true);
    out.bytes = robust_fit(bytes, prior.bytes, kWorkAnchors, true);
    out.time = robust_fit(time, prior.time, kTimeAnchors, false);
  }
};

double work_of(const Learnt& learnt, const Work& work) {
  return std::max(kLeast, learnt.work.at(products_of(work), work.pixels));
}
double time_of(const Learnt& learnt, double work_s, double hands, double ahead_s) {
  return std::max(kLeast, learnt.time.at(1, work_s / hands) + ahead_s);
}

/// How far off a fit is that has not seen this run.
struct Scores {
  std::vector<Score> work, bytes, time;

  static Score score(double predicted, double actual, double weight) {
    return {std::log(predicted), std::log(std::max(kLeast, actual) / predicted), weight};
  }
  void add(const Learnt& fit, const Run& run, double weight) {
    const double work_s = work_of(fit, run.work);
    const double kept = std::max(kLeast, fit.time.b * work_s);
    work.push_back(score(kept, fit.time.b * run.work_s, weight));
    const double size = fit.bytes.at(products_of(run.work), run.work.pixels);
    bytes.push_back(score(std::max(1.0, size), static_cast<double>(run.bytes), weight));
    if (run.took_s > 0)
      time.push_back(score(time_of(fit, work_s, hands_for(run.work, run.hands), run.waited_s),
                           run.took_s, weight));
  }
};

/// The fit of all, and bands from what fits of some foretell of the rest.
std::shared_ptr<const Learnt> learn_from(const std::deque<Run>& runs, const Learnt& prior,
                                         double half_life) {
  const auto weight = [&](std::size_t i) {
    return std::exp2(-static_cast<double>(runs.size() - 1 - i) / half_life);
  };
  auto out = std::make_shared<Learnt>();
  out->runs = runs.size();
  Points all;
  for (std::size_t i = 0; i < runs.size(); ++i) all.add(runs[i], weight(i));
  all.fit(prior, *out);
  Scores scores;
  const auto folds = std::min(runs.size(), kFolds);
  for (std::size_t fold = 0; fold < folds; ++fold) {
    Points others;
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (i % folds != fold) others.add(runs[i], weight(i));
    Learnt fit;
    others.fit(prior, fit);
    for (std::size_t i = fold; i < runs.size(); i += folds) scores.add(fit, runs[i], weight(i));
  }
  out->work_band = ScoreBand(std::move(scores.work), kTimeScatter);
  out->size_band = ScoreBand(std::move(scores.bytes), kSizeScatter);
  out->time_band = ScoreBand(std::move(scores.time), kTimeScatter);
  return out;
}

Band times(double value, const Factors& factors) {
  return {value * factors.low, value * factors.middle, value * factors.high};
}

}  // namespace

Band Estimate::took_s(double workers, double ahead_s) const {
  const double predicted =
      time_of(*learnt, work_one_s, std::clamp(workers, 1.0, most_hands), ahead_s);
  return times(predicted, learnt->time_band.around(predicted));
}

Estimator::Estimator(std::size_t runs_kept) : kept_(std::max<std::size_t>(1, runs_kept)) {}
Estimator::~Estimator() = default;
Estimator::Estimator(Estimator&&) noexcept = default;
Estimator& Estimator::operator=(Estimator&&) noexcept = default;

void Estimator::add(const Run& run) {
  if (run.work.products <= 0 || run.work_s <= 0 || run.work.kind.empty()) return;
  std::string above;
  for (const auto level : {Level::kAny, Level::kSimilar, Level::kSame}) {
    auto name = name_of(run.work, level);
    auto& pool = pools_[name];
    pool.level = level;
    pool.above = level == Level::kSame ? above : "";
    pool.runs.push_back(run);
    if (pool.runs.size() > kept_) pool.runs.pop_front();
    if (std::ranges::find(changed_, name) == changed_.end()) changed_.push_back(name);
    above = std::move(name);
  }
}

void Estimator::fit() {
  // Those above first.
  std::ranges::stable_sort(changed_, std::greater<>(),
                           [this](const auto& name) { return pools_.at(name).level; });
  for (const auto& name : changed_) {
    auto& pool = pools_.at(name);
    const auto above = pools_.find(pool.above);
    const bool helps = above != pools_.end() && above->second.runs.size() > pool.runs.size();
    const auto& work = pool.runs.back().work;
    pool.learnt = learn_from(pool.runs, helps ? *above->second.learnt : stated(work),
                             static_cast<double>(kept_) / 4);
  }
  changed_.clear();
}

void Estimator::learn(const Run& run) { learn({&run, 1}); }

void Estimator::learn(std::span<const Run> runs) {
  for (const auto& run : runs) add(run);
  fit();
}

const Estimator::Pool* Estimator::best(const Work& work) const {
  for (const auto level : {Level::kSame, Level::kSimilar, Level::kAny})
    if (const auto found = pools_.find(name_of(work, level)); found != pools_.end())
      return &found->second;
  return nullptr;
}

Estimate Estimator::of(const Work& work) const {
  static constexpr std::array<std::string_view, 3> kBasis{"runs of this kind", "similar runs",
                                                          "other runs"};
  const auto* pool = best(work);
  Estimate out;
  out.learnt = pool ? pool->learnt : std::make_shared<const Learnt>(stated(work));
  const auto& learnt = *out.learnt;
  out.runs = learnt.runs;
  out.basis = pool ? kBasis.at(static_cast<std::size_t>(pool->level)) : "prior";
  out.fixed_s = learnt.time.a;
  out.most_hands = hands_for(work, HUGE_VAL);
  out.work_one_s = work_of(learnt, work);
  const double kept = std::max(kLeast, learnt.time.b * out.work_one_s);
  out.work_s = times(kept, learnt.work_band.around(kept));
  // Other formats say nothing of bytes.
  const bool other = pool && pool->level == Level::kAny;
  const double size = std::max(
      1.0, (other ? size_prior(work.kind) : learnt.bytes).at(products_of(work), work.pixels));
  out.bytes = times(size, (other ? stated(work) : learnt).size_band.around(size));
  return out;
}

double Estimator::seconds_alone(const Work& work) const {
  if (const auto* pool = best(work))
    return time_of(*pool->learnt, work_of(*pool->learnt, work), 1, 0);
  const auto prior = prior_of(work.lane);
  return prior.time.at(1, prior.work.at(products_of(work), work.pixels));
}

}  // namespace recorte::schedule
