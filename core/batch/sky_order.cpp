// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/sky_order.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace recorte::batch {
namespace {

/// 512 x 512 cells of a degree hold the sinusoidal map of the sky, 360 x 180.
constexpr unsigned kOrder = 9;

}  // namespace

std::uint32_t hilbert_index(unsigned order, std::uint32_t x, std::uint32_t y) {
  std::uint32_t index = 0;
  for (auto side = 1U << order >> 1; side > 0; side >>= 1) {
    const bool right = (x & side) != 0, upper = (y & side) != 0;
    index += side * side * ((right ? 3U : 0U) ^ (upper ? 1U : 0U));
    if (upper) continue;
    // The curve of a lower quarter lies turned: about one diagonal or the other.
    if (right) {
      x = ~x & ((1U << order) - 1);
      y = ~y & ((1U << order) - 1);
    }
    std::swap(x, y);
  }
  return index;
}

void SkyOrder::add(const std::string& survey, const sky::Position& position) {
  const auto number = static_cast<std::uint32_t>(surveys_.size());
  const auto known = surveys_.emplace(survey, number).first->second;
  const auto middle = std::floor(position.dec) + 0.5;  // one scale for the whole of a cell
  const auto x = (position.ra - 180) * std::cos(middle * std::numbers::pi / 180) + 180;
  const auto y = position.dec + 90;
  const auto cell = [](double at) {
    return static_cast<std::uint32_t>(std::clamp(at, 0.0, 511.0));
  };
  keys_.push_back({known, hilbert_index(kOrder, cell(x), cell(y)), position.dec, position.ra});
}

std::vector<std::uint32_t> SkyOrder::sorted() const {
  std::vector<std::uint32_t> order(keys_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [this](std::uint32_t a, std::uint32_t b) {
    return keys_[a] != keys_[b] ? keys_[a] < keys_[b] : a < b;
  });
  return order;
}

}  // namespace recorte::batch
