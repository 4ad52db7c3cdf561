// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/resample.hpp"

#include "core/image/lanczos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr int kMaxTaps = kLanczosTaps;
constexpr std::size_t kBatch = 256;  // places, which stay in the nearest cache

/// Weights along one axis: weight[i] belongs to pixel first + i. Those outside the patch are 0.
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
  const double f = place - base;
  const int half = kernel == Kernel::kBilinear ? 1 : 3;
  taps.first = static_cast<std::int64_t>(base) - half + 1;
  taps.count = 2 * half;
  if (kernel == Kernel::kBilinear) {
    taps.weight[0] = 1 - f;
    taps.weight[1] = f;
  } else {
    taps.weight = lanczos3_weights(f);
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

/// With kernels cut at the patch's edge, and smaller ones about holes.
float value_at(const Patch& patch, Kernel kernel, double x, double y) {
  const auto by = [&](Kernel k) {
    return at(patch, taps_at(x, k, patch.x0, patch.width), taps_at(y, k, patch.y0, patch.height));
  };
  const float nearest = by(Kernel::kNearest);
  if (std::isnan(nearest)) return nearest;  // it weighs most in every kernel
  for (; kernel != Kernel::kNearest; kernel = static_cast<Kernel>(static_cast<int>(kernel) - 1))
    if (const float value = by(kernel); !std::isnan(value)) return value;
  return nearest;
}

void bilinear_sums(std::span<const Spot> spots, std::int64_t row_length, float* out) {
  for (const auto& [corner, fx, fy] : spots) {
    const float* above = corner + row_length;
    const double low =
        (1 - fx) * static_cast<double>(corner[0]) + fx * static_cast<double>(corner[1]);
    const double high =
        (1 - fx) * static_cast<double>(above[0]) + fx * static_cast<double>(above[1]);
    *out++ = static_cast<float>((1 - fy) * low + fy * high);
  }
}

/// Where images meet in a corner, a place on it is of one of them at least.
constexpr double kHair = 1e-6;

/// Batches of places: those whose kernel is whole are summed together; the rest, and those whose
/// sum says that there is a hole, one by one.
class Batches {
 public:
  Batches(const Patch& patch, Kernel kernel, Simd level)
      : patch_(patch), kernel_(kernel), level_(level) {}

  void interpolate(const double* places, std::size_t count, float* out) const {
    std::array<Spot, kBatch> spots;
    std::array<std::uint16_t, kBatch> number;
    std::array<float, kBatch> sum;
    std::size_t whole = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double x = places[2 * i];
      const double y = places[2 * i + 1];
      if (x >= whole_left_ && x < whole_right_ && y >= whole_bottom_ && y < whole_top_) {
        const auto column = floor_of(x);
        const auto row = floor_of(y);
        spots[whole] = {
            patch_.pixels + (row - first_row_) * patch_.row_length + column - first_column_,
            x - static_cast<double>(column), y - static_cast<double>(row)};
        number[whole++] = static_cast<std::uint16_t>(i);
      } else {
        const bool inside = x >= left_ - kHair && x < right_ + kHair && y >= bottom_ - kHair &&
                            y < top_ + kHair;  // not for NaN
        out[i] = inside ? value_at(patch_, kernel_, std::clamp(x, left_, right_ - kHair),
                                   std::clamp(y, bottom_, top_ - kHair))
                        : kNaN;
      }
    }
    const std::span spots_of_whole(spots.data(), whole);
    if (kernel_ == Kernel::kLanczos3)
      lanczos3_sums(spots_of_whole, patch_.row_length, sum.data(), level_);
    else
      bilinear_sums(spots_of_whole, patch_.row_length, sum.data());
    for (std::size_t k = 0; k < whole; ++k) {
      const std::size_t i = number[k];
      out[i] =
          std::isnan(sum[k]) ? value_at(patch_, kernel_, places[2 * i], places[2 * i + 1]) : sum[k];
    }
  }

 private:
  /// Of a place on the patch: without the call that std::floor is.
  static std::int64_t floor_of(double v) {
    const auto whole = static_cast<std::int64_t>(v);
    return whole - (v < static_cast<double>(whole) ? 1 : 0);
  }

  const Patch& patch_;
  Kernel kernel_;
  Simd level_;
  double left_ = static_cast<double>(patch_.x0) - 0.5;
  double bottom_ = static_cast<double>(patch_.y0) - 0.5;
  double right_ = left_ + static_cast<double>(patch_.width);
  double top_ = bottom_ + static_cast<double>(patch_.height);
  /// Where no tap is off the patch; nowhere for the nearest pixel, which is soon found.
  std::int64_t below_ = reach(kernel_) - 1;  ///< taps under the one at or below a place
  double margin_ = kernel_ == Kernel::kNearest ? INFINITY : static_cast<double>(below_) + 0.5;
  double whole_left_ = left_ + margin_, whole_right_ = right_ - margin_;
  double whole_bottom_ = bottom_ + margin_, whole_top_ = top_ - margin_;
  std::int64_t first_column_ = patch_.x0 + below_, first_row_ = patch_.y0 + below_;
};

}  // namespace

int reach(Kernel kernel) {
  return kernel == Kernel::kNearest ? 1 : kernel == Kernel::kBilinear ? 1 : 3;
}

void interpolate(const Patch& patch, Kernel kernel, std::span<const double> places,
                 std::span<float> out) {
  interpolate(patch, kernel, places, out, simd());
}

void interpolate(const Patch& patch, Kernel kernel, std::span<const double> places,
                 std::span<float> out, Simd level) {
  const Batches batches(patch, kernel, level);
  for (std::size_t i = 0; i < out.size(); i += kBatch) {
    const auto count = std::min(kBatch, out.size() - i);
    batches.interpolate(places.data() + 2 * i, count, out.data() + i);
  }
}

}  // namespace recorte::image
