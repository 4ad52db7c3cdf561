/// Between which bounds a further value comes true, by how far off predictions like it were: the
/// quantiles of conformal prediction (Vovk, Gammerman & Shafer 2005), with weights, as what is
/// recent and alike says more (Barber et al. 2023, Guan 2023). Where there is little to go by, a
/// stated scatter stands in.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

namespace recorte::schedule {

/// One prediction that came true.
struct Score {
  double size = 0;    ///< logarithm of what was predicted
  double off = 0;     ///< logarithm of actual over predicted
  double weight = 1;  ///< at most 1: how much it counts
};

/// Factors on a prediction: 10, 50 and 90 %.
struct Factors {
  double low = 1, middle = 1, high = 1;
};

class ScoreBand {
 public:
  ScoreBand() = default;
  /// `scatter`: standard deviation of `off` where nothing is known.
  ScoreBand(std::vector<Score> scores, double scatter);
  /// For a prediction of that size.
  Factors around(double prediction) const;

 private:
  std::vector<Score> scores_;  ///< by `off`
  double scatter_ = 1;
};

}  // namespace recorte::schedule
