// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/compose.hpp"

#include "core/cutout/photometry.hpp"
#include "core/cutout/preference.hpp"
#include "core/cutout/regrid.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace recorte::cutout {
namespace {

bool several(const Location& location) {
  const auto& images = location.images;
  for (std::size_t i = 1; i < images.size(); ++i)
    if (images[i].source.band == images[i - 1].source.band) return true;
  return false;
}

/// Of each band the best image only, and what is said of coverage with it.
void keep_best(Location& location) {
  std::vector<Located> kept;
  for (auto& located : location.images)
    if (kept.empty() || kept.back().source.band != located.source.band)
      kept.push_back(std::move(located));
  location.images = std::move(kept);
  for (const auto& located : location.images)
    for (std::size_t i = 0; i < location.bands.size(); ++i)
      if (location.bands[i].name == located.source.band) {
        location.coverage[i] = located.selection.coverage;
        warn_of_gap(located, location.warnings);
      }
}

bool same_pixels(const fits::ImageInfo& a, const fits::ImageInfo& b) {
  return a.hdu.bitpix == b.hdu.bitpix && a.bscale == b.bscale && a.bzero == b.bzero &&
         a.blank == b.blank;
}

/// Opens a plane of every image; the sentence where, of the images of a band, one has none and
/// another has, or they are of different types.
std::string unlike_planes(const Location& location, recorte_role role, bool stored,
                          ImageCache& cache) {
  const auto name = std::string(kPlaneNames[static_cast<std::size_t>(role)]);
  std::shared_ptr<const OpenImage> first;  // of the band's best image; null where it has none
  const Located* best = nullptr;
  for (const auto& located : location.images) {
    const auto* plane = located.source.plane(role);
    const bool another_band = !best || best->source.band != located.source.band;
    if (another_band) {
      best = &located;
      first.reset();
    } else if ((first != nullptr) != (plane != nullptr)) {
      return "the image " + (plane ? *best : located).source.id + " has no plane " + name;
    }
    if (!plane) continue;
    auto image = open_plane_of(cache, located.source, *plane);
    if (!image) return image.error().message;
    if (another_band) first = *image;
    const auto& a = first->info;
    const auto& b = (*image)->info;
    const bool mask = role == RECORTE_MASK;
    const bool unlike =
        stored ? !same_pixels(a, b) : mask && (a.hdu.bitpix != b.hdu.bitpix || a.bzero != b.bzero);
    if (unlike)
      return "the planes " + name + " of " + best->source.id + " and " + located.source.id +
             " are stored differently";
    if (mask && !stored && b.hdu.bitpix < 0)
      return "the mask of " + located.source.id + " is of floating-point numbers";
  }
  return "";
}

/// Why these images cannot be combined; "" where they can.
std::string not_combined(const Location& location, const CutoutRequest& request,
                         ImageCache& cache) {
  for (const auto& located : location.images)
    if (auto why = why_not_resampled(located); !why.empty()) return why;
  for (const auto plane : request.planes)
    if (auto why = unlike_planes(location, static_cast<recorte_role>(plane), false, cache);
        !why.empty())
      return why;
  const auto factors = flux_factors(location);
  return factors ? "" : factors.error().message;
}

/// Whether the request says how to resample, or onto what.
bool asks_to_resample(const CutoutRequest& request) {
  constexpr std::array<std::string_view, 5> kHow{"kernel", "combine", "conserve", "background",
                                                 "mapping"};
  return wants_another_grid(request) ||
         std::any_of(kHow.begin(), kHow.end(), [&](std::string_view name) {
           return request.params.contains(std::string(name));
         });
}

}  // namespace

std::string not_stitched(const Location& location, const Target& target,
                         const CutoutRequest& request, ImageCache& cache) {
  const Located* first = nullptr;
  const auto factors = flux_factors(location);
  if (!factors) return factors.error().message;
  for (std::size_t i = 0; i < location.images.size(); ++i) {
    const auto& located = location.images[i];
    if (!first || first->source.band != located.source.band) first = &located;
    if (auto why = why_not_resampled(located); !why.empty()) return why;
    if ((*factors)[i] != 1)
      return "the zero points of " + first->source.id + " and " + located.source.id + " differ";
    if (!target.shifts[i] && !sky::intersection(target.extents[i], target.rect).empty())
      return "the pixels of " + located.source.id + " are not on the grid of the others";
  }
  for (const auto plane : request.planes)
    if (auto why = unlike_planes(location, static_cast<recorte_role>(plane), true, cache);
        !why.empty())
      return why;
  return unlike_planes(location, RECORTE_IMAGE, true, cache);
}

Result<Composition> compose(Location& location, const CutoutRequest& request, ImageCache& cache) {
  const bool resample = asks_to_resample(request);
  if (!resample && (!several(location) || request.epochs == Epochs::kAll))
    return Composition{"cut", {}};
  auto why = not_combined(location, request, cache);
  if (why.empty()) {
    auto target = make_target(location, request);
    if (target) {
      const bool stitch = !resample && not_stitched(location, *target, request, cache).empty();
      return Composition{stitch ? "stitch" : "mosaic", std::move(*target)};
    }
    if (resample) return fail(std::move(target).error());
    why = target.error().message;
  }
  if (resample) return fail(ErrorCode::kUsage, why);
  const auto all = location.images.size();
  keep_best(location);
  if (location.images.size() < all)
    location.warnings.push_back("only the best image of each band is shown: " + why);
  return Composition{"cut", {}};
}

}  // namespace recorte::cutout
