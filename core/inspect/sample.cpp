// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/sample.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace recorte::inspect {

std::vector<std::size_t> sample_of(const std::vector<cutout::Source>& images, std::size_t size,
                                   std::uint64_t seed) {
  std::map<std::string, std::vector<std::size_t>> bands;
  for (std::size_t i = 0; i < images.size(); ++i) bands[images[i].band].push_back(i);
  std::mt19937_64 random(seed);
  for (auto& [band, numbers] : bands)
    // Each is swapped with one before it or itself, the same way with every standard library.
    for (std::size_t i = numbers.size(); i > 1; --i)
      std::swap(numbers[i - 1], numbers[random() % i]);
  std::vector<std::size_t> out;
  const auto wanted = std::min(size, images.size());
  for (std::size_t turn = 0; out.size() < wanted; ++turn)
    for (const auto& [band, numbers] : bands)
      if (turn < numbers.size() && out.size() < wanted) out.push_back(numbers[turn]);
  std::ranges::sort(out);
  return out;
}

}  // namespace recorte::inspect
