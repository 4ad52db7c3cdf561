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
  const bool first = combine_ == Combine::kFirst;
  const bool keep = combine_ == Combine::kMedian && moment_ == Moment::kValue;
  std::vector<float> kept(keep ? values.size() : 0, kNaN);
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto i = (part.y + n / part.width) * width_ + part.x + n % part.width;
    const double w = weights.empty() ? 1 : static_cast<double>(weights[n]);
    const double v = variances.empty() ? 0 : static_cast<double>(variances[n]);
    if (std::isnan(values[n]) || (first ? count_[i] > 0 : !(w > 0) || std::isnan(v))) continue;
    if (keep) kept[n] = values[n];
    if (count_[i] < UINT16_MAX) ++count_[i];
    const double x = moment_ == Moment::kValue ? static_cast<double>(values[n]) : v;
    if (first) {
      sum_[i] = moment_ == Moment::kWeight ? w : x;
    } else if (combine_ == Combine::kMean) {
      sum_[i] += moment_ == Moment::kVariance ? w * w * x : w * x;
      weight_[i] += w;
    } else {
      sum_[i] += moment_ == Moment::kWeight ? w : x;
    }
  }
  if (keep) kept_.push_back({part, std::move(kept)});
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
