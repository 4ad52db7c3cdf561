// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/marks.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace recorte::cutout {
namespace {

std::string caption_of(const AlgorithmRun& run, const CutoutRequest& request,
                       const sky::Position& centre) {
  if (!request.caption.empty()) return request.caption;
  std::vector<std::string> bands;
  for (const auto& located : run.location().images)
    if (bands.empty() || bands.back() != located.source.band) bands.push_back(located.source.band);
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "RA %.5f\u00b0 Dec %+.5f\u00b0", centre.ra, centre.dec);
  return request.survey + " " + join(bands, " ") + "\n" + place.data();
}

}  // namespace

Result<std::optional<draw::Overlay>> marks_on(AlgorithmRun& run, const Outline& outline,
                                              const CutoutRequest& request) {
  using Overlay = std::optional<draw::Overlay>;
  if (request.marks.empty()) return Overlay{};
  const auto wants = [&](Mark mark) {
    return std::find(request.marks.begin(), request.marks.end(), mark) != request.marks.end();
  };
  const auto& wcs = run.wcs_of(outline);
  const auto& rect = outline.rect;
  // From the grid's pixels to the picture's, whose rows run down.
  const auto in_picture = [&](const sky::Pixel& p) {
    return sky::Pixel{p.x - static_cast<double>(rect.x),
                      static_cast<double>(rect.y + rect.height - 1) - p.y};
  };
  const sky::Pixel middle{static_cast<double>(rect.x) + static_cast<double>(rect.width - 1) / 2,
                          static_cast<double>(rect.y) + static_cast<double>(rect.height - 1) / 2};
  const auto centre = wants_whole_image(request)
                          ? wcs.to_sky(middle)
                          : sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
  const auto target = in_picture(wcs.to_pixel(centre));
  const auto here = wcs.to_sky(middle);
  const auto at = in_picture(middle);
  const auto towards = [&](double angle) {
    const auto there = sky::offset(sky::to_vector(here), angle, wcs.scale_y());
    const auto p = in_picture(wcs.to_pixel(sky::to_position(there)));
    return sky::Pixel{p.x - at.x, p.y - at.y};
  };
  const auto north = towards(0);
  const auto east = towards(90);
  draw::Annotation annotation;
  if (wants(Mark::kCaption)) annotation.caption = caption_of(run, request, centre);
  annotation.scale_bar = wants(Mark::kScaleBar);
  annotation.compass = wants(Mark::kCompass);
  annotation.crosshair = wants(Mark::kCrosshair);
  // North is `scale_y` degrees away.
  annotation.pixel_scale = wcs.scale_y() / std::hypot(north.x, north.y);
  annotation.north_x = north.x, annotation.north_y = north.y;
  annotation.east_x = east.x, annotation.east_y = east.y;
  annotation.target_x = target.x, annotation.target_y = target.y;
  auto overlay = draw::Overlay::make(annotation, rect.width, rect.height);
  if (!overlay) return fail(std::move(overlay).error());
  return Overlay(std::move(*overlay));
}

}  // namespace recorte::cutout
