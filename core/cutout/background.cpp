// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/background.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

constexpr std::int64_t kBlocks = 12;  // along each side of an overlap
constexpr std::int64_t kBlock = 24;   // pixels

struct Overlap {
  std::size_t a, b;
  double difference;  ///< median of a - b
  double pixels;
};

/// Differences of two images in blocks spread over a rectangle of the target grid.
Result<std::vector<float>> differences(std::size_t a, std::size_t b, const sky::PixelRect& rect,
                                       const ScaledPixels& values) {
  std::vector<float> out;
  const auto across = std::min(kBlocks, (rect.width + kBlock - 1) / kBlock);
  const auto up = std::min(kBlocks, (rect.height + kBlock - 1) / kBlock);
  for (std::int64_t j = 0; j < up; ++j)
    for (std::int64_t i = 0; i < across; ++i) {
      const sky::PixelRect block{rect.x + i * rect.width / across, rect.y + j * rect.height / up,
                                 std::min(kBlock, rect.width), std::min(kBlock, rect.height)};
      const auto part = sky::intersection(block, rect);
      auto left = values(a, part);
      if (!left) return fail(std::move(left).error());
      auto right = values(b, part);
      if (!right) return fail(std::move(right).error());
      const auto n = part.area();
      const auto* p = static_cast<const float*>((*left)->pixels);
      const auto* q = static_cast<const float*>((*right)->pixels);
      for (std::int64_t k = 0; k < n; ++k)
        if (const float d = p[k] - q[k]; !std::isnan(d)) out.push_back(d);
    }
  return out;
}

/// Minimises the sum of pixels (x_a - x_b + difference)^2 with x_0 = 0, by Gauss-Seidel: each image
/// in turn takes the mean of what its neighbours ask for.
std::vector<double> level(std::size_t images, const std::vector<Overlap>& overlaps) {
  std::vector<double> x(images, 0);
  constexpr int kMostRounds = 1000;
  for (int round = 0; round < kMostRounds; ++round) {
    double moved = 0;
    double largest = 0;
    for (std::size_t i = 1; i < images; ++i) {
      double sum = 0;
      double weight = 0;
      for (const auto& o : overlaps) {
        if (o.a == i) sum += o.pixels * (x[o.b] - o.difference), weight += o.pixels;
        if (o.b == i) sum += o.pixels * (x[o.a] + o.difference), weight += o.pixels;
      }
      if (weight == 0) continue;
      const double next = sum / weight;
      moved = std::max(moved, std::abs(next - x[i]));
      largest = std::max(largest, std::abs(next));
      x[i] = next;
    }
    if (moved <= 1e-9 * largest) break;
  }
  return x;
}

}  // namespace

Result<std::vector<double>> background_offsets(const Target& target,
                                               const std::vector<std::size_t>& inputs,
                                               const ScaledPixels& values) {
  std::vector<Overlap> overlaps;
  for (std::size_t b = 1; b < inputs.size(); ++b)
    for (std::size_t a = 0; a < b; ++a) {
      const auto rect = sky::intersection(
          sky::intersection(target.extents[inputs[a]], target.extents[inputs[b]]), target.rect);
      if (rect.empty()) continue;
      auto found = differences(inputs[a], inputs[b], rect, values);
      if (!found) return fail(std::move(found).error());
      if (found->empty()) continue;
      const auto middle = found->begin() + static_cast<std::ptrdiff_t>(found->size() / 2);
      std::nth_element(found->begin(), middle, found->end());
      overlaps.push_back({a, b, static_cast<double>(*middle), static_cast<double>(found->size())});
    }
  return level(inputs.size(), overlaps);
}

}  // namespace recorte::cutout
