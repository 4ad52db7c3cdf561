// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/candidates.hpp"

#include "core/base/text.hpp"
#include "core/plugin/stage.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

Status in_group(const Survey& survey, std::string_view group, const std::string& what,
                const std::vector<std::string>& groups) {
  if (account::opens(groups, survey.id, group)) return {};
  const auto names = account::named_groups(groups);
  return fail(ErrorCode::kForbidden,
              what + " is for members of the group " + std::string(group) +
                  (names.empty() ? "; you are in no group" : "; you are in " + join(names, ", ")));
}

}  // namespace

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

Status allowed(const Survey& survey, const std::string& release,
               const std::vector<std::string>& groups) {
  const auto& named = release.empty() ? survey.release : release;
  return in_group(survey, survey.access.group_of(named), "the survey " + survey.id, groups);
}

Status allowed(const Survey& survey, const Source& source, const CutoutRequest& request,
               const std::vector<std::string>& groups) {
  RECORTE_TRY(allowed(survey, source.release.empty() ? request.release : source.release, groups));
  return in_group(survey, survey.access.group_of_image(source.access_group),
                  "the image " + source.id + " of the survey " + survey.id, groups);
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

Status for_each_candidate(const Survey& survey, const CutoutRequest& request,
                          const std::vector<Band>& bands, const plugin::Call& call,
                          const Watch& watch, const std::function<Status(Source)>& found) {
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
  struct Hearing {
    const std::function<Status(Source)>& found;
    Status wrong = {};
  } hearing{found};
  const recorte_source_sink sink{
      sizeof sink, 0, &hearing,
      [](const recorte_source_sink* s, const recorte_source* source) -> recorte_status {
        return plugin::serve_plugin(nullptr, [&]() -> Status {
          auto& into = *static_cast<Hearing*>(s->ctx);
          auto taken = copy(source);
          if (!taken) return into.wrong = fail(std::move(taken).error());
          return into.found(std::move(*taken));
        });
      }};
  watch.stage(plugin::stage_of(survey.plugin, "while it looked for images"));
  auto searched = plugin::call_plugin(
      "the survey " + survey.id + " cannot be searched", [&](recorte_error* error) {
        return survey.table->find(survey.self, call.raw(), &query, &sink, error);
      });
  watch.stage("");
  if (!hearing.wrong)
    return fail(ErrorCode::kPlugin,
                "the plugin " + survey.plugin + " of the survey " + survey.id +
                    " added a source that makes no sense: " + hearing.wrong.error().message);
  return searched;
}

Result<std::vector<Source>> candidates(const Survey& survey, const CutoutRequest& request,
                                       const std::vector<Band>& bands, const plugin::Call& call,
                                       const Watch& watch) {
  std::vector<Source> out;
  RECORTE_TRY(for_each_candidate(survey, request, bands, call, watch, [&](Source source) -> Status {
    out.push_back(std::move(source));
    return {};
  }));
  return out;
}

}  // namespace recorte::cutout
