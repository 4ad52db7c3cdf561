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

double lanczos3(double t) {
  if (t == std::trunc(t)) return t == 0 ? 1 : 0;  // exactly, so that a NaN there does not weigh
  const double a = std::numbers::pi * t;
  return 3 * std::sin(a) * std::sin(a / 3) / (a * a);
}

/// Weights along one axis: taps[i] belongs to pixel first + i.
struct Taps {
  std::int64_t first = 0;
  int count = 0;
  std::array<double, kMaxTaps> weight{};
};

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
  const int half = kernel == Kernel::kBilinear ? 1 : 3;
  taps.first = static_cast<std::int64_t>(base) - half + 1;
  taps.count = 2 * half;
  double sum = 0;
  for (int i = 0; i < taps.count; ++i) {
    const double t = place - static_cast<double>(taps.first + i);
    double w = kernel == Kernel::kBilinear ? 1 - std::abs(t) : lanczos3(t);
    if (taps.first + i < begin || taps.first + i >= begin + length) w = 0;
    taps.weight[static_cast<std::size_t>(i)] = w;
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
    out[i] = inside ? at(patch, taps_at(x, kernel, patch.x0, patch.width),
                         taps_at(y, kernel, patch.y0, patch.height))
                    : kNaN;
  }
}

}  // namespace recorte::image
