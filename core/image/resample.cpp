// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr int kMaxTaps = 6;

/// Weights along one axis: weight[i] belongs to pixel first + i. Those outside the patch are 0.
struct Taps {
  std::int64_t first = 0;
  int count = 0;
  std::array<double, kMaxTaps> weight{};
};

/// 3 sin(πt) sin(πt/3) / (πt)² at t = f + 2, …, f - 3, f in [0, 1/2]: the sines of all six follow
/// from those of πf/3.
std::array<double, kMaxTaps> lanczos3_near(double f) {
  if (f < 1e-100) return {0, 0, 1, 0, 0, 0};  // exactly, so that a NaN there does not weigh
  constexpr double kThird = std::numbers::pi / 3;
  constexpr double kHalfRoot3 = std::numbers::sqrt3 / 2;
  const double s = std::sin(kThird * f);
  const double c = kHalfRoot3 * std::cos(kThird * f);
  const double s3 = (3 - 4 * s * s) * s;  // sin(πf)
  // sin(π(f - k)) sin(π(f - k)/3) for k = -2 … 3.
  const std::array<double, kMaxTaps> product{s3 * (c - s / 2), -s3 * (c + s / 2), s3 * s,
                                             s3 * (c - s / 2), -s3 * (c + s / 2), s3 * s};
  constexpr double kScale = 3 / (std::numbers::pi * std::numbers::pi);
  std::array<double, kMaxTaps> weight{};
  for (std::size_t i = 0; i < kMaxTaps; ++i) {
    const double t = f + 2 - static_cast<double>(i);
    weight[i] = kScale * product[i] / (t * t);
  }
  return weight;
}

/// The same, f in [0, 1).
std::array<double, kMaxTaps> lanczos3(double f) {
  if (f <= 0.5) return lanczos3_near(f);
  auto weight = lanczos3_near(1 - f);  // exact here; the sine of πf would not be
  std::reverse(weight.begin(), weight.end());
  return weight;
}

Taps taps_at(double place, Kernel kernel, std::int64_t begin, std::int64_t length) {
  Taps taps;
  if (kernel == Kernel::kNearest) {
    // On the very border, rounding may leave the patch.
    taps.first = std::clamp<std::int64_t>(std::llround(place), begin, begin + length - 1);
    taps.count = 1;
    taps.weight[0] = 1;
    return taps;
  }
  const double base = std::floor(place);
  const double f = place - base;
  const int half = kernel == Kernel::kBilinear ? 1 : 3;
  taps.first = static_cast<std::int64_t>(base) - half + 1;
  taps.count = 2 * half;
  if (kernel == Kernel::kBilinear) {
    taps.weight[0] = 1 - f;
    taps.weight[1] = f;
  } else {
    taps.weight = lanczos3(f);
  }
  double sum = 0;
  for (int i = 0; i < taps.count; ++i) {
    auto& w = taps.weight[static_cast<std::size_t>(i)];
    if (taps.first + i < begin || taps.first + i >= begin + length) w = 0;
    sum += w;
  }
  for (auto& w : taps.weight) w /= sum;
  return taps;
}

float at(const Patch& p, const Taps& x, const Taps& y) {
  double value = 0;
  for (int j = 0; j < y.count; ++j) {
    const double wy = y.weight[static_cast<std::size_t>(j)];
    if (wy == 0) continue;
    const float* row = p.pixels + (y.first + j - p.y0) * p.row_length;
    for (int i = 0; i < x.count; ++i) {
      const double w = wy * x.weight[static_cast<std::size_t>(i)];
      if (w != 0) value += w * static_cast<double>(row[x.first + i - p.x0]);
    }
  }
  return static_cast<float>(value);
}

float value_at(const Patch& patch, Kernel kernel, double x, double y) {
  for (;; kernel = static_cast<Kernel>(static_cast<int>(kernel) - 1)) {
    const float value = at(patch, taps_at(x, kernel, patch.x0, patch.width),
                           taps_at(y, kernel, patch.y0, patch.height));
    if (!std::isnan(value) || kernel == Kernel::kNearest) return value;
  }
}

}  // namespace

int reach(Kernel kernel) {
  return kernel == Kernel::kNearest ? 1 : kernel == Kernel::kBilinear ? 1 : 3;
}

void interpolate(const Patch& patch, Kernel kernel, std::span<const double> places,
                 std::span<float> out) {
  const double left = static_cast<double>(patch.x0) - 0.5;
  const double bottom = static_cast<double>(patch.y0) - 0.5;
  const double right = left + static_cast<double>(patch.width);
  const double top = bottom + static_cast<double>(patch.height);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = places[2 * i];
    const double y = places[2 * i + 1];
    const bool inside = x >= left && x < right && y >= bottom && y < top;  // false for NaN
    out[i] = inside ? value_at(patch, kernel, x, y) : kNaN;
  }
}

}  // namespace recorte::image
