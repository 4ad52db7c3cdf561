// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"
#include "core/sky/selection.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace recorte::sky {
namespace {

std::vector<Cap> caps(std::size_t count, double radius, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> ra(0, 360);
  std::uniform_real_distribution<double> sine(-1, 1);
  std::vector<Cap> out(count);
  for (auto& cap : out) cap = {to_vector({ra(random), std::asin(sine(random)) / kDegree}), radius};
  return out;
}

/// Which of a million images of 0.3 degrees meet a circle of 0.1 degrees.
void find_among_a_million(benchmark::State& state) {
  const auto bytes = CapTree::build(caps(1'000'000, 0.3, 7));
  const auto tree = CapTree::view(bytes);
  const auto queries = caps(1024, 0.1, 8);
  std::size_t next = 0;
  std::size_t hits = 0;
  for (auto _ : state) tree->find(queries[next++ % queries.size()], [&](std::uint32_t) { ++hits; });
  state.counters["hits"] = static_cast<double>(hits) / static_cast<double>(state.iterations());
}
BENCHMARK(find_among_a_million);

/// The pixels that a circle of an arcminute touches, on a 10,000 x 10,000 image.
void select_an_arcminute(benchmark::State& state) {
  std::string cards;
  for (std::string card :
       {"CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRVAL1  = 150.", "CRVAL2  = 2.",
        "CRPIX1  = 5000.", "CRPIX2  = 5000.", "CD1_1   = -7.3E-05", "CD1_2   = 0.", "CD2_1   = 0.",
        "CD2_2   = 7.3E-05", "RADESYS = 'ICRS'"}) {
    card.resize(80, ' ');
    cards += card;
  }
  const auto wcs = Wcs::parse(cards);
  const auto circle = make_circle(150.01, 2.01, 1.0 / 60);
  for (auto _ : state) benchmark::DoNotOptimize(select(*circle, *wcs, 10'000, 10'000));
}
BENCHMARK(select_an_arcminute);

}  // namespace
}  // namespace recorte::sky
