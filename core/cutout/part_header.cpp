// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/part_header.hpp"

#include "core/base/text.hpp"
#include "core/cutout/photometry.hpp"
#include "core/cutout/provenance.hpp"
#include "core/cutout/wcs_cards.hpp"
#include "core/fits/cutout_header.hpp"

#include <algorithm>
#include <set>

namespace recorte::cutout {
namespace {

/// The parent's header where the part has the parent's own pixel grid, its WCS in the place of the
/// parent's where not.
Result<fits::Header> placed(AlgorithmRun& run, const Outline& o, const OpenImage& plane,
                            const PlaneChoice& planes) {
  const bool own_grid = !o.on_target || run.target()->input == o.input;
  if (!own_grid) {
    auto grid = grid_header(run, o);
    if (!grid) return grid;
    return on_another_grid(plane.carried, *grid);
  }
  auto header = plane.carried;
  fits::move_origin(header, o.rect, planes.first);
  return header;
}

/// What the algorithm did not leave as the parent has it.
Status settle_scaling(AlgorithmRun& run, const Outline& o, const OpenImage& plane,
                      const CutoutRequest& request, fits::Header& header) {
  if (!o.as_stored || o.colour || o.blank) {
    if (o.blank || o.colour) header = wcs_cards(header);
    for (const auto* scaling : {"BSCALE", "BZERO", "BLANK"}) header.erase(scaling);
  } else if (o.bitpix > 0 && !plane.info.blank && may_be_blank(run, o, request)) {
    auto blank = run.blank_of(o.input, o.role, o.rect);
    if (!blank) return fail(std::move(blank).error());
    header.set_integer("BLANK", *blank, "outside the image");
  }
  return {};
}

}  // namespace

bool may_be_blank(const AlgorithmRun& run, const Outline& o, const CutoutRequest& request) {
  if (o.on_target || request.blank_outside) return true;
  const auto& info = run.location().images[o.input].image->info;
  return sky::intersection(o.rect, {0, 0, info.width, info.height}).area() != o.rect.area();
}

Result<fits::Header> grid_header(AlgorithmRun& run, const Outline& o) {
  if (o.on_target) return fits::cutout_header(run.target()->cards, o.rect);
  auto plane = run.plane(o.input, o.role);
  if (!plane) return fail(std::move(plane).error());
  return wcs_cards(fits::cutout_header((*plane)->info.header, o.rect));
}

Result<fits::Header> part_header(AlgorithmRun& run, const Outline& o, const CutoutRequest& request,
                                 const std::string& name) {
  auto opened = run.plane(o.input, o.role);
  if (!opened) return fail(std::move(opened).error());
  const auto& plane = **opened;
  const auto& located = run.location().images[o.input];
  auto planes = run.planes_of(o.input, o.role);
  if (!planes) return fail(std::move(planes).error());
  auto header = placed(run, o, plane, *planes);
  if (!header) return header;
  RECORTE_TRY(settle_scaling(run, o, plane, request, *header));
  if (!name.empty()) header->set_text("EXTNAME", name);
  if (o.role == RECORTE_IMAGE && !header->has("BUNIT") && !o.colour)
    if (const auto unit = unit_of(located); !unit.empty()) header->set_text("BUNIT", unit);
  for (const auto& [key, value] : o.cards) put(key, value, *header);
  describe_part(*header, run, o, plane.info.hdu.number);
  return header;
}

Result<std::vector<std::int64_t>> axes_of(AlgorithmRun& run, const Outline& o) {
  std::vector<std::int64_t> axes{o.rect.width, o.rect.height};
  auto planes = run.planes_of(o.input, o.role);
  if (!planes) return fail(std::move(planes).error());
  const bool own_planes = !o.colour && !o.on_target && o.planes == planes->planes();
  if (own_planes) {
    axes.insert(axes.end(), planes->count.begin(), planes->count.end());
  } else if (o.planes > 1) {
    axes.push_back(o.planes);
  }
  return axes;
}

std::vector<std::string> names_of(AlgorithmRun& run, const std::vector<Outline>& outlines) {
  std::set<std::string> bands;
  std::vector<std::string> parents;
  for (const auto& o : outlines) {
    bands.insert(o.band);
    auto plane = run.plane(o.input, o.role);
    parents.push_back(plane ? (*plane)->info.hdu.name : "");
  }
  const bool distinct =
      std::set<std::string>(parents.begin(), parents.end()).size() == outlines.size() &&
      std::find(parents.begin(), parents.end(), "") == parents.end();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const auto& o = outlines[i];
    const auto plane = std::string(kPlaneNames[static_cast<std::size_t>(o.role)]);
    const bool image = o.role == RECORTE_IMAGE;
    if (!o.name.empty()) {
      out.push_back(o.name);
    } else if (outlines.size() == 1) {
      out.push_back(parents[i].empty() ? o.band : parents[i]);
    } else if (bands.size() > 1 || (image && !distinct)) {
      out.push_back(image ? o.band : o.band + "_" + plane);
    } else {
      out.push_back(distinct ? parents[i] : upper(plane));
    }
  }
  return out;
}

}  // namespace recorte::cutout
