// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/projection.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::coverage {
namespace {

void goes_there_and_back(const Projection& projection) {
  int on_sky = 0;
  for (std::int64_t y = 0; y < projection.height(); y += 7)
    for (std::int64_t x = 0; x < projection.width(); x += 7) {
      const auto at = projection.sky_at({static_cast<double>(x), static_cast<double>(y)});
      if (!at) continue;
      ++on_sky;
      const auto pixel = projection.pixel_of(*at);
      ASSERT_TRUE(pixel);
      EXPECT_NEAR(pixel->x, static_cast<double>(x), 1e-6);
      EXPECT_NEAR(pixel->y, static_cast<double>(y), 1e-6);
    }
  EXPECT_GT(on_sky, 1000);
}

TEST(Projection, there_and_back) {
  goes_there_and_back(Projection::whole(180, 1000));
  goes_there_and_back(Projection::part({sky::to_vector({359.9, 60}), 20}, 640));
  goes_there_and_back(Projection::part({{0, 0, 1}, 0.01}, 640));
}

TEST(Projection, east_is_left_and_north_is_up) {
  const auto part = Projection::part({sky::to_vector({10, 50}), 1}, 641);
  const auto east = part.pixel_of(sky::to_vector({10.5, 50}));
  const auto north = part.pixel_of(sky::to_vector({10, 50.5}));
  ASSERT_TRUE(east && north);
  EXPECT_LT(east->x, 250);
  EXPECT_LT(north->y, 250);
  EXPECT_NEAR(north->x, 320, 1e-6);
  const auto whole = Projection::whole(0, 1000);
  EXPECT_LT(whole.pixel_of(sky::to_vector({90, 0}))->x, 300);
  EXPECT_LT(whole.pixel_of(sky::to_vector({0, 80}))->y, 100);
}

TEST(Projection, areas_are_kept) {
  const auto whole = Projection::whole(0, 1000);
  double pixels = 0, northern = 0;
  for (std::int64_t y = 0; y < whole.height(); ++y)
    for (std::int64_t x = 0; x < whole.width(); ++x)
      if (const auto at = whole.sky_at({static_cast<double>(x), static_cast<double>(y)})) {
        pixels += 1;
        northern += (*at)[2] > 0.5 ? 1 : 0;
      }
  EXPECT_NEAR(northern / pixels, 0.25, 0.003);
}

TEST(Projection, what_is_not_shown_has_no_pixel) {
  const auto part = Projection::part({sky::to_vector({10, 50}), 1}, 640);
  EXPECT_FALSE(part.pixel_of(sky::to_vector({190, -50})));
  EXPECT_FALSE(part.pixel_of(sky::to_vector({10, 53})));
  EXPECT_FALSE(Projection::whole(0, 1000).sky_at({0, 0}));
}

}  // namespace
}  // namespace recorte::coverage
