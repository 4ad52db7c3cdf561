/// Several images on one grid made one: weighted mean, median, or the first that has a value; with
/// the weight or the variance of the outcome.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recorte::image {

enum class Combine { kMean, kMedian, kFirst };

/// What is to be known of the outcome. With weights w, values x, variances v, n images:
///   kValue     mean Σwx / Σw;         median of x;           first x
///   kWeight    mean Σw;               median Σw / e;         first w
///   kVariance  mean Σw²v / (Σw)²;     median e Σv / n²;      first v
/// where e, the variance of the median against that of the mean, is π/2 for normal noise (Kendall &
/// Stuart), and 1 up to two images, where both are one. For kFirst the first with a value counts,
/// whatever its weight or variance.
enum class Moment { kValue, kWeight, kVariance };

class Coadd {
 public:
  /// A part of the grid: an image covers some of its columns and rows, from 0.
  struct Part {
    std::size_t x = 0, y = 0, width = 0, height = 0;
  };

  Coadd(Combine combine, Moment moment, std::size_t width, std::size_t height);
  /// The next image, in a part of the grid, row by row: it has no pixel where `values` is NaN, or
  /// its weight is not above zero, or, for kVariance, its variance is NaN. Empty weights are 1;
  /// `variances` is read for kVariance only.
  void add(const Part& part, std::span<const float> values, std::span<const float> weights,
           std::span<const float> variances = {});
  /// Row by row; NaN where no image has a pixel.
  void result(std::span<float> out) const;

 private:
  Combine combine_;
  Moment moment_;
  std::size_t width_;
  /// n pixels of a row from the grid's pixel `at` on; null weights are 1, null variances 0.
  void add_row(std::size_t at, std::size_t n, const float* values, const float* weights,
               const float* variances);
  double mean(std::size_t pixel) const;
  double median(std::size_t pixel, std::vector<float>& column) const;
  std::vector<std::uint16_t> count_;  ///< images with a pixel there; no more than it can hold
  std::vector<double> sum_, weight_;
  struct Kept {
    Part part;
    std::vector<float> values;  ///< NaN where there are none
  };
  std::vector<Kept> kept_;  ///< of the median
};

}  // namespace recorte::image
