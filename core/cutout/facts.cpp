// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/facts.hpp"

#include "core/cutout/photometry.hpp"

#include <cmath>

namespace recorte::cutout {

void add_facts(const AlgorithmRun& run, const Outline& outline, const CutoutRequest& request,
               Outcome& outcome) {
  const auto& images = run.location().images;
  const auto& wcs = run.wcs_of(outline);
  outcome.pixel_scale = wcs.scale_x();
  if (!wants_whole_image(request)) {
    const auto centre = sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
    const auto pixel = wcs.to_pixel(centre);
    outcome.target_x = pixel.x - static_cast<double>(outline.rect.x) + 1;
    outcome.target_y = pixel.y - static_cast<double>(outline.rect.y) + 1;
  }
  for (const auto& located : images) {
    outcome.mjd_min = std::fmin(outcome.mjd_min, located.source.t_min);  // of what is not NaN
    outcome.mjd_max = std::fmax(outcome.mjd_max, located.source.t_max);
  }
  if (outline.blank) return;
  outcome.exposure = 0;
  for (const auto i : run.images_of(outline)) outcome.exposure += images[i].source.exptime;
  outcome.zero_point = images[outline.input].source.zeropoint;
  if (!outline.colour) outcome.unit = unit_of(images[outline.input]);
}

}  // namespace recorte::cutout
