// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/score_band.hpp"

#include "core/schedule/robust_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace recorte::schedule {
namespace {

constexpr double kTail = 0.1;
constexpr double kAlike = 1.4;  ///< of one four times as large, half is believed
constexpr double kPrior = 3;    ///< weight of the stated scatter where nothing is known
constexpr double kEnough = 30;  ///< of runs' weight: nothing is left of it
/// Where the fifths of a normal distribution lie, in standard deviations.
constexpr std::array<double, 5> kNormal{-1.4, -0.53, 0, 0.53, 1.4};

}  // namespace

ScoreBand::ScoreBand(std::vector<Score> scores, double scatter)
    : scores_(std::move(scores)), scatter_(scatter) {
  std::ranges::sort(scores_, {}, &Score::off);
}

Factors ScoreBand::around(double prediction) const {
  const double size = std::log(std::max(prediction, 1e-12));
  std::vector<std::array<double, 2>> sorted;  // off, weight
  sorted.reserve(scores_.size() + kNormal.size());
  double runs = 0;
  for (const auto& score : scores_) {
    const double far = (score.size - size) / kAlike;
    sorted.push_back({score.off, score.weight / (1 + far * far)});
    runs += sorted.back()[1];
  }
  const double prior = kPrior * std::max(0.0, 1 - runs / kEnough);
  if (prior > 0) {
    for (const double at : kNormal) sorted.push_back({at * scatter_, prior / kNormal.size()});
    std::ranges::sort(sorted);
  }
  // The one to come counts as one more that lies beyond: (n + 1) of n.
  const double all = runs + prior + 1;
  const auto from = [&](auto begin, auto end, double share) {
    double passed = 0;
    double at = (*begin)[0];
    for (auto each = begin; each != end; ++each) {
      passed += (*each)[1];
      if (passed > share) break;
      at = (*each)[0];
    }
    return at;
  };
  const double low = from(sorted.begin(), sorted.end(), kTail * all);
  const double high = from(sorted.rbegin(), sorted.rend(), kTail * all);
  return {std::exp(low), std::exp(std::clamp(weighted_median(sorted), low, high)), std::exp(high)};
}

}  // namespace recorte::schedule
