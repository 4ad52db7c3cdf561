// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/warmth.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace recorte::worker {
namespace {

constexpr double kCellsADegree = 4;
constexpr double kCellsAcross = 4 * 360;

}  // namespace

std::uint64_t place_of(const cutout::Task& task) {
  if (task.items.empty()) return 0;
  const auto& request = task.items.front().request;
  const auto centre = sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
  const double row = std::floor((centre.dec + 90) * kCellsADegree);
  const double column = std::floor(centre.ra * std::cos(centre.dec * sky::kDegree) * kCellsADegree);
  const auto cell = static_cast<std::uint64_t>(row * kCellsAcross + column);
  return (std::hash<std::string>{}(request.survey) ^ (cell * 0x9e3779b97f4a7c15U)) | 1;
}

bool Warmth::holds(std::uint64_t place) const {
  return place != 0 && std::find(places_.begin(), places_.end(), place) != places_.end();
}

void Warmth::add(std::uint64_t place) {
  if (place == 0 || holds(place)) return;
  places_[next_++ % places_.size()] = place;
}

}  // namespace recorte::worker
