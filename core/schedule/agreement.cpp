// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/agreement.hpp"

#include "core/schedule/robust_fit.hpp"

#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace recorte::schedule {
namespace {

constexpr double kNear = 0.1;

struct Tally {
  Agreement sum;
  std::vector<std::array<double, 2>> times, sizes;  ///< how far off, by its logarithm; weight
};

void add(Tally& tally, const Run& run) {
  ++tally.sum.runs;
  if (run.took_s > 0 && run.predicted_s.middle > 0) {
    ++tally.sum.told;
    if (run.took_s >= run.predicted_s.low && run.took_s <= run.predicted_s.high)
      ++tally.sum.in_band;
    tally.times.push_back({std::abs(std::log(run.took_s / run.predicted_s.middle)), 1});
  }
  if (run.bytes > 0 && run.predicted_bytes > 0) {
    const double ratio = static_cast<double>(run.bytes) / static_cast<double>(run.predicted_bytes);
    ++tally.sum.sized;
    if (std::abs(1 / ratio - 1) <= kNear) ++tally.sum.near_size;
    tally.sizes.push_back({std::abs(std::log(ratio)), 1});
  }
}

}  // namespace

std::vector<Agreement> agreement(std::span<const Run> runs) {
  std::map<std::tuple<std::string, RunLane>, Tally> by_kind;
  for (const auto& run : runs) add(by_kind[{run.work.kind, run.work.lane}], run);
  std::vector<Agreement> out;
  for (auto& [key, tally] : by_kind) {
    std::tie(tally.sum.kind, tally.sum.lane) = key;
    tally.sum.typical_factor = std::exp(weighted_median(tally.times));
    tally.sum.typical_size_factor = std::exp(weighted_median(tally.sizes));
    out.push_back(std::move(tally.sum));
  }
  return out;
}

}  // namespace recorte::schedule
