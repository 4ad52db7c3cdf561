/// How long work takes and how large it gets, learnt from what similar work took: a robust fit of
/// worker time and bytes over products and pixels, and around it the band in which what was
/// predicted before came true. docs/explanation/estimates.md has the method and its sources. Pure:
/// where runs are kept is history.hpp's.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  double took_s = 0;    ///< from acceptance to the end; 0: it does not tell, as it was stopped
  double waited_s = 0;  ///< of these, for others, as far as was foreseen
  std::int64_t bytes = 0;
  Band predicted_s;  ///< of took_s; middle 0: nothing was
  std::int64_t predicted_bytes = 0;
};

/// What is learnt of a kind; private to estimate.cpp.
struct Learnt;

struct Estimate {
  Band work_s;         ///< seconds of one worker, as they keep it from other work
  double fixed_s = 0;  ///< besides, once
  Band bytes;
  std::size_t runs = 0;    ///< that it is learnt from; 0: the stated prior
  std::string_view basis;  ///< "runs of this kind", "similar runs", "other runs", "prior"
  /// From acceptance to the end with so many workers, behind others that take `ahead_s`.
  Band took_s(double workers, double ahead_s = 0) const;

  std::shared_ptr<const Learnt> learnt;  ///< as of when the estimate was made
  double work_one_s = 0, most_hands = 1;
};

/// Not to be used by two threads at once.
class Estimator {
 public:
  /// Keeps the last so many runs of each kind. What is learnt from counts half after a quarter of
  /// them.
  explicit Estimator(std::size_t runs_kept = 120);
  ~Estimator();
  Estimator(Estimator&&) noexcept;
  Estimator& operator=(Estimator&&) noexcept;

  void learn(const Run& run);
  /// Oldest first.
  void learn(std::span<const Run> runs);
  Estimate of(const Work& work) const;
  /// With one worker that is free, without the band, at less cost.
  double seconds_alone(const Work& work) const;

 private:
  struct Pool;
  const Pool* best(const Work& work) const;
  void add(const Run& run);
  void fit();

  std::size_t kept_;
  /// By lane and kind; by lane, algorithm and format; by lane.
  std::map<std::string, Pool, std::less<>> pools_;
  std::vector<std::string> changed_;  ///< pools that learnt and are not fitted yet
};

}  // namespace recorte::schedule
