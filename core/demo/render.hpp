/// One tile in one band as the made-up camera takes it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/demo/scene.hpp"
#include "core/demo/tile.hpp"
#include "core/sky/wcs.hpp"

#include <cstdint>
#include <vector>

namespace recorte::demo {

/// Flags of the mask plane.
enum MaskBit : std::int16_t { kSaturated = 1, kBadColumn = 2, kCosmicRay = 4 };

/// Planes of kSide × kSide pixels, bottom row first.
struct Exposure {
  std::vector<float> image;        ///< counts, the sky at 0; NaN where there is no datum
  std::vector<std::int16_t> mask;  ///< MaskBit
  std::vector<float> weight;  ///< inverse variance of the sky, per square count; 0 where flagged
};

/// The noiseless light of the scene, counts. Each object is drawn in its own stamp, through the
/// linear part of the world coordinates there, so that the flux in a pixel goes with its area.
std::vector<float> render_light(const sky::Wcs& wcs, int band, const std::vector<Object>& scene);

/// What a detector makes of light: noise, saturation and bleeding, cosmic rays, bad columns. The
/// noise of tile and band is its own.
Exposure expose(std::vector<float> light, int tile, int band);

}  // namespace recorte::demo
