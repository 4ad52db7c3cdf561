// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/coadd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

Coadd::Coadd(Combine combine, Moment moment, std::size_t width, std::size_t height)
    : combine_(combine),
      moment_(moment),
      width_(width),
      sum_(width * height, 0),
      weight_(width * height, 0) {}

void Coadd::add(const Part& part, std::span<const float> values, std::span<const float> weights,
                std::span<const float> variances) {
  const bool keep = combine_ == Combine::kMedian && moment_ == Moment::kValue;
  std::vector<float> kept(keep ? values.size() : 0, kNaN);
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto i = (part.y + n / part.width) * width_ + part.x + n % part.width;
    const double w = weights.empty() ? 1 : static_cast<double>(weights[n]);
    if (std::isnan(values[n]) || !(w > 0)) continue;
    if (combine_ == Combine::kFirst && weight_[i] > 0) continue;
    double term = static_cast<double>(values[n]);
    if (moment_ == Moment::kVariance) {
      const auto v = static_cast<double>(variances[n]);
      if (std::isnan(v)) continue;
      term = combine_ == Combine::kMean ? w * v : v;
    }
    if (keep) kept[n] = values[n];
    // The median's variance counts images, its weight sums weights.
    const double by = combine_ == Combine::kMedian && moment_ != Moment::kWeight ? 1 : w;
    sum_[i] += (combine_ == Combine::kMean ? w : 1) * term;
    weight_[i] += by;
  }
  if (keep) kept_.push_back({part, std::move(kept)});
}

void Coadd::result(std::span<float> out) const {
  constexpr double kHalfPi = std::numbers::pi / 2;
  std::vector<float> column;
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    const double w = weight_[i];
    double value = 0;
    if (!(w > 0)) {
      out[i] = kNaN;
      continue;
    }
    if (moment_ == Moment::kWeight) {
      value = combine_ == Combine::kMedian ? w / kHalfPi : w;
    } else if (combine_ == Combine::kFirst) {
      value = sum_[i];
    } else if (combine_ == Combine::kMean) {
      value = moment_ == Moment::kVariance ? sum_[i] / (w * w) : sum_[i] / w;
    } else if (moment_ == Moment::kVariance) {
      value = kHalfPi * sum_[i] / (w * w);
    } else {
      column.clear();
      for (const auto& [part, values] : kept_) {
        const auto x = i % width_ - part.x;  // wraps round where it is outside
        const auto y = i / width_ - part.y;
        if (x >= part.width || y >= part.height) continue;
        if (const float v = values[y * part.width + x]; !std::isnan(v)) column.push_back(v);
      }
      value = static_cast<double>(median(column));
    }
    out[i] = static_cast<float>(value);
  }
}

}  // namespace recorte::image
