// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/located_json.hpp"

#include "core/sky/footprint.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace recorte::cutout {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json image_json(const Located& located) {
  const auto& source = located.source;
  const auto& info = located.image->info;
  const auto& wcs = *located.image->wcs;
  json planes = json::array();
  for (std::size_t role = 0; role < kPlaneNames.size(); ++role)
    if (source.plane(static_cast<recorte_role>(role))) planes.push_back(kPlaneNames[role]);
  const auto* pixels = source.plane(RECORTE_IMAGE);
  return {{"id", source.id},
          {"release", source.release},
          {"band", source.band},
          {"t_min", number(source.t_min)},
          {"t_max", number(source.t_max)},
          {"exptime", number(source.exptime)},
          {"planes", std::move(planes)},
          {"s_region", source.s_region.empty()
                           ? sky::s_region(sky::footprint_of(wcs, info.width, info.height))
                           : source.s_region},
          {"coverage", located.selection.coverage},
          {"file", std::filesystem::path(pixels->path).filename().string()},
          {"width", info.width},
          {"height", info.height},
          {"pixel_scale", number(std::max(wcs.scale_x(), wcs.scale_y()))}};
}

}  // namespace

json located_json(const Location& location) {
  json images = json::array();
  for (const auto& located : location.images) images.push_back(image_json(located));
  return {{"images", std::move(images)}, {"warnings", location.warnings}};
}

}  // namespace recorte::cutout
