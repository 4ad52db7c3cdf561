// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/stretch.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::image {
namespace {

constexpr std::size_t kSamples = 1000;
constexpr double kReject = 2.5;     // standard deviations
constexpr double kLeastKept = 0.5;  // of the samples
constexpr std::size_t kFewest = 5;
constexpr int kRounds = 5;

std::vector<double> sorted_samples(std::span<const float> samples) {
  std::vector<float> finite;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(finite),
               [](float v) { return std::isfinite(v); });
  const auto stride = std::max<std::size_t>(1, finite.size() / kSamples);
  std::vector<double> out;
  for (std::size_t i = 0; i < finite.size() && out.size() < kSamples; i += stride)
    out.push_back(static_cast<double>(finite[i]));
  std::sort(out.begin(), out.end());
  return out;
}

struct Line {
  double slope = 0, intercept = 0;
};

/// Least squares over the samples that are kept, by their numbers.
Line fitted(const std::vector<double>& y, const std::vector<bool>& bad) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (bad[i]) continue;
    const auto x = static_cast<double>(i);
    n += 1, sx += x, sy += y[i], sxx += x * x, sxy += x * y[i];
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {slope, (sy - slope * sx) / n};
}

/// Marks what lies far off the line, and with all that is marked, a hundredth of the samples about
/// it.
void reject(const std::vector<double>& y, const Line& line, std::vector<bool>& bad) {
  std::vector<double> flat(y.size());
  double n = 0, sum = 0, squares = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    flat[i] = y[i] - (line.slope * static_cast<double>(i) + line.intercept);
    if (!bad[i]) n += 1, sum += flat[i], squares += flat[i] * flat[i];
  }
  const double threshold = kReject * std::sqrt(std::max(0.0, squares / n - sum * sum / (n * n)));
  std::vector<bool> far = bad;
  for (std::size_t i = 0; i < y.size(); ++i) far[i] = far[i] || std::abs(flat[i]) > threshold;
  const auto grow = std::max<std::size_t>(1, y.size() / 100);
  for (std::size_t i = 0; i < y.size(); ++i) {
    // A box of `grow` samples that begins half of it before.
    const auto begin = far.begin() + static_cast<std::ptrdiff_t>(i >= grow / 2 ? i - grow / 2 : 0);
    const auto end =
        far.begin() + static_cast<std::ptrdiff_t>(std::min(y.size(), i + (grow - grow / 2)));
    bad[i] = std::find(begin, end, true) != end;
  }
}

}  // namespace

std::optional<std::pair<double, double>> zscale(std::span<const float> samples, double contrast) {
  const auto y = sorted_samples(samples);
  if (y.empty()) return {};
  const auto n = y.size();
  std::pair limits(y.front(), y.back());
  const auto least =
      std::max(kFewest, static_cast<std::size_t>(kLeastKept * static_cast<double>(n)));
  std::vector<bool> bad(n, false);
  std::size_t kept = n;
  std::size_t before = n + 1;
  Line line;
  for (int round = 0; round < kRounds && kept < before && kept >= least; ++round) {
    line = fitted(y, bad);
    reject(y, line, bad);
    before = kept;
    kept = static_cast<std::size_t>(std::count(bad.begin(), bad.end(), false));
  }
  if (kept < least) return limits;
  const double slope = contrast > 0 ? line.slope / contrast : line.slope;
  const auto middle = (n - 1) / 2;
  const double median = n % 2 == 1 ? y[n / 2] : (y[n / 2 - 1] + y[n / 2]) / 2;
  limits.first = std::max(limits.first, median - (static_cast<double>(middle) - 1) * slope);
  limits.second = std::min(limits.second, median + static_cast<double>(n - middle) * slope);
  return limits;
}

}  // namespace recorte::image
