// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/example.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace recorte::survey {
namespace {

/// How many images are tried; of a large survey, evenly.
constexpr std::uint32_t kTries = 256;
constexpr double kFit = 1e-4;  // degrees: where a small cutout begins

double rounded(double degrees) { return std::round(degrees * 1e4) / 1e4; }

struct Candidate {
  Example example;
  double depth = 0;  ///< how far inside the images it lies, summed over bands, 1 each at most
};

Candidate judge(const ImageIndex& index, const sky::Position& position) {
  const auto centre = sky::to_vector(position);
  std::map<std::string, double> depth;
  index.find({centre, kFit}, "", [&](const ImageRecord& image) {
    const auto& cap = image.footprint.cap;
    const double inside = 1 - sky::separation(cap.centre, centre) / std::max(cap.radius, kFit);
    auto& best = depth.try_emplace(image.band, 0).first->second;
    best = std::max(best, inside);
  });
  Candidate out{{position, {}}, 0};
  for (const auto& [band, inside] : depth) {
    out.example.bands.push_back(band);
    out.depth += inside;
  }
  return out;
}

}  // namespace

std::optional<Example> find_example(const ImageIndex& index) {
  std::optional<Candidate> best;
  const auto step = std::max(1U, index.size() / kTries);
  for (std::uint32_t i = 0; i < index.size(); i += step) {
    auto position = sky::to_position(index.at(i).footprint.cap.centre);
    position = {rounded(position.ra), rounded(position.dec)};
    auto candidate = judge(index, position);
    if (!best || std::pair(candidate.example.bands.size(), candidate.depth) >
                     std::pair(best->example.bands.size(), best->depth + 1e-9))
      best = std::move(candidate);
  }
  if (!best) return {};
  return best->example;
}

}  // namespace recorte::survey
