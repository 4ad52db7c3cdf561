// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/coadd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float median_of(std::vector<float>& values) {
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
      count_(width * height, 0),
      sum_(width * height, 0),
      weight_(combine == Combine::kMean ? width * height : 0, 0) {}

void Coadd::add(const Part& part, std::span<const float> values, std::span<const float> weights,
                std::span<const float> variances) {
  const auto row_of = [&](std::span<const float> plane, std::size_t y) {
    return plane.empty() ? nullptr : plane.data() + y * part.width;
  };
  for (std::size_t y = 0; y < part.height; ++y)
    add_row((part.y + y) * width_ + part.x, part.width, row_of(values, y), row_of(weights, y),
            row_of(variances, y));
  if (combine_ != Combine::kMedian || moment_ != Moment::kValue) return;
  std::vector<float> kept(values.begin(), values.end());
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!(weights[i] > 0)) kept[i] = kNaN;
  kept_.push_back({part, std::move(kept)});
}

// Without branches in the loops, so that the compiler makes vectors of them.
void Coadd::add_row(std::size_t at, std::size_t n, const float* values, const float* weights,
                    const float* variances) {
  auto* count = &count_[at];
  auto* sum = &sum_[at];
  const bool of_value = moment_ == Moment::kValue;
  const bool of_weight = moment_ == Moment::kWeight;
  for (std::size_t i = 0; i < n; ++i) {
    const double w = weights ? static_cast<double>(weights[i]) : 1;
    const double v = variances ? static_cast<double>(variances[i]) : 0;
    const double x = of_value ? static_cast<double>(values[i]) : of_weight ? w : v;
    if (combine_ == Combine::kFirst) {
      const bool take = count[i] == 0 && !std::isnan(values[i]);
      sum[i] = take ? x : sum[i];
      count[i] = take ? 1 : count[i];
      continue;
    }
    const bool take = !std::isnan(values[i]) && w > 0 && !std::isnan(v);
    double term = x;
    if (combine_ == Combine::kMean) {
      if (!of_weight) term = of_value ? w * x : w * w * x;
      double& weight = weight_[at + i];
      weight += take ? w : 0;
    }
    sum[i] += take ? term : 0;
    count[i] = static_cast<std::uint16_t>(count[i] + (take && count[i] < UINT16_MAX ? 1 : 0));
  }
}

double Coadd::mean(std::size_t i) const {
  const double w = weight_[i];
  if (moment_ == Moment::kWeight) return w;
  return moment_ == Moment::kVariance ? sum_[i] / (w * w) : sum_[i] / w;
}

double Coadd::median(std::size_t i, std::vector<float>& column) const {
  const double n = count_[i];
  const double less = n <= 2 ? 1 : std::numbers::pi / 2;
  if (moment_ == Moment::kWeight) return sum_[i] / less;
  if (moment_ == Moment::kVariance) return less * sum_[i] / (n * n);
  column.clear();
  for (const auto& [part, values] : kept_) {
    const auto x = i % width_ - part.x;  // wraps round where it is outside
    const auto y = i / width_ - part.y;
    if (x >= part.width || y >= part.height) continue;
    if (const float v = values[y * part.width + x]; !std::isnan(v)) column.push_back(v);
  }
  return static_cast<double>(median_of(column));
}

void Coadd::result(std::span<float> out) const {
  std::vector<float> column;
  for (std::size_t i = 0; i < count_.size(); ++i) {
    if (count_[i] == 0)
      out[i] = kNaN;
    else
      out[i] = static_cast<float>(combine_ == Combine::kMean     ? mean(i)
                                  : combine_ == Combine::kMedian ? median(i, column)
                                                                 : sum_[i]);
  }
}

}  // namespace recorte::image
