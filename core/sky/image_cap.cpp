// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/image_cap.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::sky {

ImageCap image_cap(const Wcs& wcs, std::int64_t width, std::int64_t height, int steps) {
  const int side = steps + 1;
  std::vector<double> xy;
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i) {
      xy.push_back(-0.5 + static_cast<double>(width) * i / steps);
      xy.push_back(-0.5 + static_cast<double>(height) * j / steps);
    }
  std::vector<double> radec(xy.size());
  wcs.to_sky(xy, radec);
  std::vector<Vector> grid;
  bool complete = true;
  for (std::size_t i = 0; i < radec.size(); i += 2) {
    grid.push_back(to_vector({radec[i], radec[i + 1]}));
    complete = complete && !std::isnan(radec[i]);
  }
  const std::size_t last = grid.size() - 1;
  const std::size_t row = static_cast<std::size_t>(side) - 1;
  ImageCap out{{{1, 0, 0}, 180}, true, {grid[0], grid[row], grid[last - row], grid[last]}};
  for (const auto& corner : out.corners)
    out.corners_on_sky = out.corners_on_sky && !std::isnan(corner[0]);
  if (!complete) return out;

  // The distance from the centre bends by no more between points than it does from point to point;
  // across a seam only the distance between points bounds it.
  const Vector& centre = grid[grid.size() / 2];
  std::vector<double> distance;
  for (const auto& v : grid) distance.push_back(separation(centre, v));
  const double greatest = *std::max_element(distance.begin(), distance.end());
  double gap = 0;
  double bend = 0;
  const auto step = [&](int k, int stride) {  // from point k - stride to k
    gap = std::max(gap, separation(grid[k], grid[k - stride]));
  };
  const auto curve = [&](int k,
                         int stride) {  // the distance has a kink at the centre: look far out
    if (distance[k - stride] < greatest / 2) return;
    bend =
        std::max(bend, std::abs(distance[k] - 2 * distance[k - stride] + distance[k - 2 * stride]));
  };
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i) {
      const int k = j * side + i;
      if (i > 0) step(k, 1);
      if (j > 0) step(k, side);
      if (i > 1) curve(k, 1);
      if (j > 1) curve(k, side);
    }
  const double margin = wcs.has_seams() ? gap : bend / 2 + 1e-6 * greatest;
  const double radius = greatest + margin + 1e-12;
  out.cap = {centre, radius < 80 ? radius : 180};
  return out;
}

}  // namespace recorte::sky
