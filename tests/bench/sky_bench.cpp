// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"
#include "core/sky/selection.hpp"
#include "core/sky/stencil_rows.hpp"

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

struct Header {
  std::string projection;
  std::vector<std::string> more;
};

/// 0.26 arcseconds a pixel, turned a little.
Wcs wcs_of(const Header& header) {
  std::vector<std::string> lines{"CTYPE1  = 'RA---" + header.projection + "'",
                                 "CTYPE2  = 'DEC--" + header.projection + "'",
                                 "CRVAL1  = 150.",
                                 "CRVAL2  = 2.",
                                 "CRPIX1  = 5000.",
                                 "CRPIX2  = 5000.",
                                 "CD1_1   = -7.29E-05",
                                 "CD1_2   = 3.9E-06",
                                 "CD2_1   = 3.9E-06",
                                 "CD2_2   = 7.29E-05",
                                 "RADESYS = 'ICRS'"};
  lines.insert(lines.end(), header.more.begin(), header.more.end());
  std::string cards;
  for (auto& line : lines) {
    line.resize(80, ' ');
    cards += line;
  }
  return *Wcs::parse(cards);
}

const Header kTan{"TAN", {}};
const Header kTanSip{"TAN-SIP",
                     {"A_ORDER = 3", "B_ORDER = 3", "A_2_0   = 2.1E-07", "A_1_1   = -1.3E-07",
                      "A_0_3   = 1.1E-11", "B_0_2   = -1.7E-07", "B_2_1   = 9.0E-12"}};
const Header kTpv{"TPV",
                  {"PV1_0   = 1.0E-4", "PV1_1   = 1.003", "PV1_2   = -2.0E-4", "PV1_4   = 3.0E-3",
                   "PV1_7   = 8.0E-3", "PV1_9   = 6.0E-3", "PV2_0   = -2.0E-4", "PV2_1   = 0.998",
                   "PV2_2   = 1.0E-4", "PV2_5   = 2.0E-3", "PV2_7   = 7.0E-3", "PV2_9   = 5.0E-3"}};

/// The pixels that a circle of an arcminute touches, on a 10,000 x 10,000 image.
void select_an_arcminute(benchmark::State& state) {
  const Wcs wcs = wcs_of(kTan);
  const auto circle = make_circle(150.01, 2.01, 1.0 / 60);
  for (auto _ : state) benchmark::DoNotOptimize(select(*circle, wcs, 10'000, 10'000));
}
BENCHMARK(select_an_arcminute);

/// A region that fills most of so many pixels a side.
Stencil region(const std::string& kind, const Wcs& wcs, const PixelRect& rect) {
  const auto at = [&](double u, double v) {
    return wcs.to_sky(Pixel{static_cast<double>(rect.x) + u * static_cast<double>(rect.width),
                            static_cast<double>(rect.y) + v * static_cast<double>(rect.height)});
  };
  const Position middle = at(0.5, 0.5);
  const double half = wcs.scale_x() * static_cast<double>(rect.width) / 2;
  if (kind == "circle") return *make_circle(middle.ra, middle.dec, half);
  if (kind == "polygon")
    return *make_polygon(
        {at(0.1037, 0.0021), at(0.9973, 0.2118), at(0.9214, 0.9946), at(0.0035, 0.7281)});
  return *make_range(middle.ra - 0.9 * half, middle.ra + 0.9 * half, middle.dec - 0.9 * half,
                     middle.dec + 0.9 * half);
}

/// Which pixels of a square lie inside a region.
void rows_of_a_region(benchmark::State& state, const Header& header, const std::string& kind) {
  const Wcs wcs = wcs_of(header);
  const PixelRect rect{5200, 4700, state.range(0), state.range(0)};
  const Stencil stencil = region(kind, wcs, rect);
  for (auto _ : state) benchmark::DoNotOptimize(StencilRows::make(stencil, wcs, rect));
}
BENCHMARK_CAPTURE(rows_of_a_region, circle_tan, kTan, "circle")->Arg(100)->Arg(1000)->Arg(10000);
BENCHMARK_CAPTURE(rows_of_a_region, polygon_tan, kTan, "polygon")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, range_tan, kTan, "range")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, circle_tan_sip, kTanSip, "circle")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, polygon_tan_sip, kTanSip, "polygon")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, range_tan_sip, kTanSip, "range")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, circle_tpv, kTpv, "circle")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, polygon_tpv, kTpv, "polygon")->Arg(1000);
BENCHMARK_CAPTURE(rows_of_a_region, range_tpv, kTpv, "range")->Arg(1000);

/// The slow road: on a projection with seams every pixel of the region is asked for.
BENCHMARK_CAPTURE(rows_of_a_region, circle_hpx, Header{"HPX", {}}, "circle")->Arg(1000);

}  // namespace
}  // namespace recorte::sky
