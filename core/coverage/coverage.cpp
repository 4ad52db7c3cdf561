// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/coverage.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace recorte::coverage {

SurveyCoverage survey_coverage(const std::vector<Place>& places,
                               const std::vector<std::string>& bands,
                               const std::function<void(std::size_t, std::size_t)>& progress) {
  auto order = bands;
  for (const auto& place : places)
    if (std::find(order.begin(), order.end(), place.band) == order.end())
      order.push_back(place.band);
  SurveyCoverage out;
  std::vector<sky::Coverage> parts;
  std::size_t before = 0;
  for (const auto& band : order) {
    std::vector<sky::Footprint> own;
    for (const auto& place : places)
      if (place.band == band) own.push_back(place.footprint);
    if (own.empty()) continue;
    parts.push_back(sky::coverage_of(own, [&](std::size_t done) {
      if (progress) progress(before + done, places.size());
    }));
    out.bands.push_back({band, own.size(), parts.back()});
    before += own.size();
  }
  if (progress) progress(places.size(), places.size());
  out.sky = sky::unite(parts);
  return out;
}

std::string short_text(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), number >= 1000 ? "%.0f" : "%.3g", number);
  return text.data();
}

}  // namespace recorte::coverage
