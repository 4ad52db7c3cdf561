// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/compose.hpp"

#include "core/cutout/photometry.hpp"
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

void keep_best(Location& location) {
  std::vector<Located> kept;
  for (auto& located : location.images)
    if (kept.empty() || kept.back().source.band != located.source.band)
      kept.push_back(std::move(located));
  location.images = std::move(kept);
}

/// Why these images cannot be combined; "" where they can.
std::string not_combined(const Location& location) {
  for (const auto& located : location.images)
    if (auto why = why_not_resampled(located); !why.empty()) return why;
  const auto factors = flux_factors(location);
  return factors ? "" : factors.error().message;
}

bool same_pixels(const fits::ImageInfo& a, const fits::ImageInfo& b) {
  return a.hdu.bitpix == b.hdu.bitpix && a.bscale == b.bscale && a.bzero == b.bzero &&
         a.blank == b.blank;
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

std::string not_stitched(const Location& location, const Target& target) {
  const Located* first = nullptr;
  const auto factors = flux_factors(location);
  if (!factors) return factors.error().message;
  for (std::size_t i = 0; i < location.images.size(); ++i) {
    const auto& located = location.images[i];
    if (!first || first->source.band != located.source.band) first = &located;
    const auto and_first = first->source.id + " and " + located.source.id;
    if (auto why = why_not_resampled(located); !why.empty()) return why;
    if ((*factors)[i] != 1) return "the zero points of " + and_first + " differ";
    if (!target.shifts[i] && !sky::intersection(target.extents[i], target.rect).empty())
      return "the pixels of " + located.source.id + " are not on the grid of the others";
    if (!same_pixels(first->image->info, located.image->info))
      return "the pixels of " + and_first + " are stored differently";
  }
  return "";
}

Result<Composition> compose(Location& location, const CutoutRequest& request) {
  const bool resample = asks_to_resample(request);
  if (!resample && (!several(location) || request.epochs == Epochs::kAll))
    return Composition{"cut", {}};
  if (const auto why = not_combined(location); !why.empty()) {
    if (resample) return fail(ErrorCode::kUsage, why);
    const auto all = location.images.size();
    keep_best(location);
    if (location.images.size() < all)
      location.warnings.push_back("only the best image of each band is shown: " + why);
    return Composition{"cut", {}};
  }
  auto target = make_target(location, request);
  if (!target) return fail(std::move(target).error());
  const bool stitch = !resample && not_stitched(location, *target).empty();
  return Composition{stitch ? "stitch" : "mosaic", std::move(*target)};
}

}  // namespace recorte::cutout
