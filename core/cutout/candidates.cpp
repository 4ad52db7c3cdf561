// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/candidates.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::cutout {

recorte_region region_of(const sky::Stencil& stencil, double pixel_scale,
                         std::vector<double>& vertices) {
  const double scale = std::isnan(pixel_scale) ? 0 : pixel_scale;
  const auto cap = sky::bounding_cap(stencil, scale);
  const auto centre = sky::to_position(cap.centre);
  recorte_region out{};
  out.struct_size = sizeof out;
  out.ra = centre.ra;
  out.dec = centre.dec;
  out.radius = cap.radius;
  if (const auto* box = std::get_if<sky::Box>(&stencil)) {
    auto degrees = [&](const Extent& e) {
      return e.unit == Extent::Unit::kPixel ? e.value * scale : e.value;
    };
    out.kind = RECORTE_BOX;
    out.width = degrees(box->width);
    out.height = degrees(box->height);
  } else if (const auto* polygon = std::get_if<sky::Polygon>(&stencil)) {
    out.kind = RECORTE_POLYGON;
    for (const auto& v : polygon->vertices) vertices.insert(vertices.end(), {v.ra, v.dec});
    out.vertices = vertices.data();
    out.vertex_count = static_cast<std::uint32_t>(polygon->vertices.size());
  } else if (const auto* range = std::get_if<sky::Range>(&stencil)) {
    out.kind = RECORTE_RANGE;
    out.ra_min = range->ra_min;
    out.ra_max = range->ra_max;
    out.dec_min = range->dec_min;
    out.dec_max = range->dec_max;
  } else {
    out.kind = RECORTE_CIRCLE;
  }
  return out;
}

Status allowed(const Survey& survey, const Source* source, const std::vector<std::string>& groups) {
  const auto& group = source && survey.groups_by_image ? source->access_group : survey.access_group;
  for (const auto& needed : {group, source ? source->access_group : std::string()})
    if (!needed.empty() && std::find(groups.begin(), groups.end(), needed) == groups.end())
      return fail(
          ErrorCode::kForbidden,
          "the survey " + survey.id + " is for members of the group " + needed +
              (groups.empty() ? "; you are in no group" : "; you are in " + join(groups, ", ")));
  return {};
}

Status check_release(const Survey& survey, const CutoutRequest& request) {
  const auto& releases = survey.releases;
  if (!request.release.empty() &&
      std::find(releases.begin(), releases.end(), request.release) == releases.end())
    return fail(ErrorCode::kNotFound,
                "the survey " + survey.id + " has no release '" + request.release + "'" +
                    (releases.empty() ? "; leave it out" : "; it has " + join(releases, ", ")));
  return {};
}

bool answers(const Survey& survey, const Source& source, const CutoutRequest& request) {
  if (source.t_max < request.t_min || source.t_min > request.t_max) return false;
  const auto& variant = request.variant.empty() ? survey.variant : request.variant;
  return variant.empty() || !request.image.empty() || source.variant == variant;
}

Result<std::vector<Source>> candidates(const Survey& survey, const CutoutRequest& request,
                                       const std::vector<Band>& bands, const plugin::Call& call,
                                       const Watch& watch) {
  std::vector<double> vertices;
  const auto region = region_of(request.stencil, survey.pixel_scale, vertices);
  std::vector<recorte_str> names;
  for (const auto& band : bands) names.push_back(str(band.name));
  const recorte_query query{sizeof query,
                            static_cast<std::uint32_t>(names.size()),
                            str(request.release),
                            str(request.image),
                            names.data(),
                            &region,
                            std::isinf(request.t_min) ? NAN : request.t_min,
                            std::isinf(request.t_max) ? NAN : request.t_max};
  std::vector<Source> found;
  const recorte_source_sink sink{
      sizeof sink, &found,
      [](const recorte_source_sink* s, std::uint32_t,
         const recorte_source* source) -> recorte_status {
        return plugin::serve_plugin(nullptr, [&]() -> Status {
          static_cast<std::vector<Source>*>(s->ctx)->push_back(copy(*source));
          return {};
        });
      }};
  watch.stage("plugin '" + survey.plugin + "' while it looked for images");
  auto searched = plugin::call_plugin(
      "the survey " + survey.id + " cannot be searched", [&](recorte_error* error) {
        return survey.table->find(survey.self, call.raw(), &query, 1, &sink, error);
      });
  watch.stage("");
  if (!searched) return fail(std::move(searched).error());
  return found;
}

}  // namespace recorte::cutout
