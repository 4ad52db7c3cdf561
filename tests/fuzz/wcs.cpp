// SPDX-License-Identifier: BSD-3-Clause
//
// World coordinates of any header, a card a line, through WCSLIB: what has a place has one on the
// sphere, and a footprint holds its image's corners.
#include "core/sky/footprint.hpp"
#include "core/sky/selection.hpp"
#include "fits_text.hpp"

#include <cmath>

namespace recorte::fuzz {

void attempt(std::string_view input) {
  const auto wcs = sky::Wcs::parse(cards_of(input));
  if (!wcs) return;
  constexpr std::int64_t kWidth = 40, kHeight = 30;
  for (std::int64_t y = 0; y < kHeight; y += 29)
    for (std::int64_t x = 0; x < kWidth; x += 13) {
      const auto at = wcs->to_sky({static_cast<double>(x), static_cast<double>(y)});
      if (std::isnan(at.ra) || std::isnan(at.dec)) continue;
      require(at.ra >= 0 && at.ra < 360, "right ascension is on the circle");
      require(at.dec >= -90 && at.dec <= 90, "declination is on the sphere");
      (void)wcs->to_pixel(at);
    }
  const auto footprint = sky::footprint_of(*wcs, kWidth, kHeight);
  require(footprint.cap.radius <= 180.001, "a footprint is on the sphere");
  if (!(footprint.cap.radius >= 0)) return;
  const auto centre = sky::to_position(footprint.cap.centre);
  if (const auto circle = sky::make_circle(centre.ra, centre.dec, 0.01))
    (void)sky::select(*circle, *wcs, kWidth, kHeight);
}

}  // namespace recorte::fuzz
