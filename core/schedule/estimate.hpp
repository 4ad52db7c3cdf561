/// How long work takes and how large it gets, learnt from what similar work took: a robust fit of
/// worker time and bytes over products and pixels, and around it the band in which what was
/// predicted before came true. docs/explanation/estimates.md has the method and its sources. Pure:
/// where runs are kept is history.hpp's.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace recorte::schedule {

enum class RunLane : std::uint8_t { kSync, kBatch };

/// What is to be done.
struct Work {
  /// "des_dr2 cut fits": survey, algorithm, format; of work of several kinds all of them, sorted,
  /// joined by " + ".
  std::string kind;
  RunLane lane = RunLane::kBatch;
  std::int64_t products = 0;
  double pixels = 0;  ///< of all products and their planes, before compression
};

/// 10, 50 and 90 %.
struct Band {
  double low = 0, middle = 0, high = 0;
};

/// What work took, and what had been said of it.
struct Run {
  Work work;
  std::string id;  ///< of the job or request
  Micros ended = 0;
  double hands = 1;     ///< workers
  double work_s = 0;    ///< seconds of workers
  double took_s = 0;    ///< from acceptance to the end
  double waited_s = 0;  ///< of these, for others, as far as was foreseen
  std::int64_t bytes = 0;
  Band predicted_s;  ///< of took_s; middle 0: nothing was
  std::int64_t predicted_bytes = 0;
};

struct Estimate {
  Band work_s;         ///< seconds of one worker
  double fixed_s = 0;  ///< besides, once
  Band bytes;
  std::size_t runs = 0;    ///< that it is learnt from; 0: the stated prior
  std::string_view basis;  ///< "runs of this kind", "similar runs", "prior"
  /// From acceptance to the end with so many workers, behind others that take `ahead_s`.
  Band took_s(double hands, double ahead_s = 0) const;
};

class Estimator {
 public:
  /// Keeps the last so many runs of each kind.
  explicit Estimator(std::size_t runs_kept = 200);
  void learn(const Run& run);
  Estimate of(const Work& work) const;

 private:
  std::size_t kept_;
  std::map<std::string, std::deque<Run>, std::less<>> runs_;  ///< by lane and kind
};

}  // namespace recorte::schedule
