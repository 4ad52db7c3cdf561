// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/locate.hpp"

#include "core/base/text.hpp"
#include "core/cutout/candidates.hpp"
#include "core/cutout/preference.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace recorte::cutout {
namespace {

/// What covers less of a region is told.
constexpr double kNearlyAll = 0.99;

std::string place(const sky::Stencil& stencil) {
  const auto cap = sky::bounding_cap(stencil, 0);
  const auto centre = sky::to_position(cap.centre);
  return "RA " + number_text(std::round(centre.ra * 1e6) / 1e6) + ", Dec " +
         number_text(std::round(centre.dec * 1e6) / 1e6);
}

std::string no_image(const Band& band) {
  return "no image of the band " + band.name + " covers the region";
}

/// Says what the answer to one band lacks: all of it, or part of the region.
void warn_of_gaps(const Band& band, const std::vector<Located>& images, double coverage,
                  std::vector<std::string>& warnings) {
  if (images.empty()) {
    warnings.push_back(no_image(band));
    return;
  }
  if (images.size() == 1) return warn_of_gap(images.front(), warnings);
  if (coverage >= kNearlyAll) return;
  warnings.push_back(std::to_string(images.size()) + " images of the band " + band.name +
                     " cover only " + number_text(std::round(1000 * coverage) / 10) +
                     " % of the region");
}

/// Bands of unknown wavelengths, where wavelengths were asked for, are no gaps.
Location without_absent_unknowns(Location location, const CutoutRequest& request) {
  if (!std::isfinite(request.lambda_min) && !std::isfinite(request.lambda_max)) return location;
  for (std::size_t i = location.bands.size(); i-- > 0;) {
    const auto& band = location.bands[i];
    if (!std::isnan(band.lambda_min + band.lambda_max) || location.coverage[i] > 0) continue;
    std::erase(location.warnings, no_image(band));
    location.coverage.erase(location.coverage.begin() + static_cast<std::ptrdiff_t>(i));
    location.bands.erase(location.bands.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return location;
}

Error no_such_planes(const Source& source, const CutoutRequest& request) {
  std::vector<std::string> asked;
  if (!request.polarizations.empty()) asked.push_back("POL " + join(request.polarizations, ", "));
  if (std::isfinite(request.lambda_min) || std::isfinite(request.lambda_max))
    asked.push_back("wavelengths " + number_text(request.lambda_min) + " to " +
                    number_text(request.lambda_max) + " m");
  if (std::isfinite(request.t_min) || std::isfinite(request.t_max))
    asked.push_back("times MJD " + number_text(request.t_min) + " to " +
                    number_text(request.t_max));
  return {ErrorCode::kNoCoverage,
          "the image " + source.id + " has no plane of " + join(asked, ", ")};
}

/// The image's planes that are asked for; nullopt where there are none.
std::optional<PlaneChoice> planes_of(const OpenImage& image, const SourcePlane& plane,
                                     const Band& band, const CutoutRequest& request) {
  const bool has_wavelength = !std::isnan(band.lambda_min + band.lambda_max);
  auto choice = choose_planes(image.plane_axes, request, has_wavelength);
  if (choice && plane.cube_plane >= 0) return PlaneChoice{};  // one, which the adapter chose
  if (choice) choice->keep(image.info.hdu.axes.size() - 2);
  return choice;
}

}  // namespace

Result<std::shared_ptr<const OpenImage>> open_plane_of(ImageCache& cache, const Source& source,
                                                       const SourcePlane& plane) {
  auto image = cache.open(plane.path, plane.hdu, plane.extname, source.cards);
  if (image && plane.cube_plane >= (*image)->info.planes)
    return fail(ErrorCode::kPlugin, plane.path + " has " + std::to_string((*image)->info.planes) +
                                        " planes; the survey's plugin names plane " +
                                        std::to_string(plane.cube_plane) + ", counted from 0");
  return image;
}

Result<Location> locate(const Survey& survey, const CutoutRequest& request,
                        const std::vector<std::string>& groups, ImageCache& cache,
                        const plugin::Call& call, const Watch& watch, HowMany how_many) {
  RECORTE_TRY(allowed(survey, request.release, groups));
  RECORTE_TRY(check_release(survey, request));
  auto bands = bands_of(survey, request);
  if (!bands) return fail(std::move(bands).error());
  auto sources = candidates(survey, request, *bands, call, watch);
  if (!sources) return fail(std::move(sources).error());
  if (!request.image.empty() && sources->empty())
    return fail(ErrorCode::kNotFound,
                "the survey " + survey.id + " has no image '" + request.image + "' in these bands");
  if (bands->empty()) {
    std::set<std::string> names;
    for (const auto& source : *sources) names.insert(source.band);
    for (const auto& name : names) bands->push_back({name, NAN, NAN});
  }
  // An image that is named brings its own band: the survey's other ones are no gaps.
  if (!request.image.empty() && request.bands.empty())
    std::erase_if(*bands, [&](const Band& band) {
      return std::none_of(sources->begin(), sources->end(),
                          [&](const Source& source) { return source.band == band.name; });
    });

  Location out{*bands, {}, {}, {}, {}, {}};
  std::optional<Error> trouble;
  std::vector<std::vector<Located>> by_band(bands->size());
  for (auto& source : *sources) {
    if (call.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto band = std::find_if(bands->begin(), bands->end(),
                                   [&](const Band& b) { return b.name == source.band; });
    const auto* plane = source.plane(RECORTE_IMAGE);
    if (band == bands->end() || !plane) continue;
    if (!answers(survey, source, request)) continue;
    if (auto may = allowed(survey, source, request, groups); !may) {
      trouble = may.error();
      continue;
    }
    if (source.release.empty())
      source.release = request.release.empty() ? survey.release : request.release;
    auto image = open_plane_of(cache, source, *plane);
    out.looked_at.emplace_back(plane->path, image ? (*image)->stamp : FileStamp{});
    if (!image || !(*image)->wcs) {
      trouble =
          image ? Error{ErrorCode::kData, plane->path + ": " + (*image)->wcs_error} : image.error();
      out.warnings.push_back(trouble->message);
      out.trouble = trouble;
      continue;
    }
    const auto& info = (*image)->info;
    auto selection = wants_whole_image(request)
                         ? sky::Selection{{0, 0, info.width, info.height}, 1}
                         : sky::select(request.stencil, *(*image)->wcs, info.width, info.height);
    if (!selection) return fail(std::move(selection).error());
    if (selection->rect.empty()) continue;
    auto planes = planes_of(**image, *plane, *band, request);
    if (!planes) {
      trouble = no_such_planes(source, request);
      continue;
    }
    by_band[static_cast<std::size_t>(band - bands->begin())].push_back(
        {std::move(source), std::move(*image), *selection, std::move(*planes)});
  }

  auto epochs = request.epochs;
  if (epochs == Epochs::kSurvey) epochs = survey.epochs ? Epochs::kLatest : Epochs::kBest;
  for (std::size_t i = 0; i < by_band.size(); ++i) {
    auto& images = by_band[i];
    order(images, epochs);
    if (epochs == Epochs::kAll) {
      out.coverage.push_back(images.empty() ? 0 : images.front().selection.coverage);
    } else {
      out.coverage.push_back(keep_needed(images, request, how_many, survey.epochs));
      warn_of_gaps((*bands)[i], images, out.coverage.back(), out.warnings);
    }
    std::move(images.begin(), images.end(), std::back_inserter(out.images));
  }
  if (!out.images.empty()) return without_absent_unknowns(std::move(out), request);
  if (trouble) return fail(std::move(*trouble));
  std::vector<std::string> names;
  for (const auto& band : *bands) names.push_back(band.name);
  return fail(
      ErrorCode::kNoCoverage,
      "no image of " + survey.id + (names.empty() ? "" : " in " + join(names, ", ")) + " covers " +
          place(request.stencil) +
          (request.image.empty() ? "" : " (only the image " + request.image + " was asked for)"));
}

}  // namespace recorte::cutout
