// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/annotation.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace recorte::draw {
namespace {

struct Picture {
  std::int64_t width, height;
  int channels;
  std::vector<std::uint8_t> samples;

  Picture(std::int64_t w, std::int64_t h, int c, std::uint8_t value = 100)
      : width(w), height(h), channels(c), samples(static_cast<std::size_t>(w * h * c), value) {}
  std::uint8_t* row(std::int64_t y) { return samples.data() + y * width * channels; }
  const std::uint8_t* pixel(std::int64_t x, std::int64_t y) const {
    return samples.data() + (y * width + x) * channels;
  }
};

Annotation everything() {
  Annotation a;
  a.caption = "NGC 5194 \u00b7 DES DR2\n13h29m52.7s +47\u00b011\u203243\u2033";
  a.scale_bar = a.compass = a.crosshair = true;
  a.pixel_scale = 0.263 / 3600;
  a.north_y = -1;
  a.east_x = -1;
  a.target_x = 300;
  a.target_y = 200;
  return a;
}

Overlay overlay_of(const Annotation& a, std::int64_t width, std::int64_t height) {
  auto overlay = Overlay::make(a, width, height);
  EXPECT_TRUE(overlay) << overlay.error().message;
  return std::move(*overlay);
}

void draw(const Annotation& a, Picture& picture) {
  const auto overlay = overlay_of(a, picture.width, picture.height);
  for (std::int64_t y = 0; y < picture.height; ++y)
    overlay.blend(picture.row(y), picture.channels, y);
}

// Around what is not as it was; width 0 where all is.
Box changed(const Picture& picture, std::uint8_t before = 100) {
  Box out{picture.width, picture.height, 0, 0};
  for (std::int64_t y = 0; y < picture.height; ++y)
    for (std::int64_t x = 0; x < picture.width; ++x)
      if (*picture.pixel(x, y) != before)
        out = {std::min(out.x0, x), std::min(out.y0, y), std::max(out.x1, x + 1),
               std::max(out.y1, y + 1)};
  return out.empty() ? Box{} : out;
}

bool within(const Box& inner, const Box& outer) {
  return !inner.empty() && inner.x0 >= outer.x0 && inner.y0 >= outer.y0 && inner.x1 <= outer.x1 &&
         inner.y1 <= outer.y1;
}

TEST(Overlay, PutsEachMarkInItsPlaceAndNowhereElse) {
  const auto all = everything();
  const auto box_of = [&](auto&& choose) {
    Annotation a = all;
    a.caption = "";
    a.scale_bar = a.compass = a.crosshair = false;
    choose(a);
    Picture picture(600, 400, 1);
    draw(a, picture);
    return changed(picture);
  };
  EXPECT_TRUE(box_of([](auto&) {}).empty());
  EXPECT_TRUE(within(box_of([](auto& a) { a.caption = "M 51"; }), {1, 370, 60, 399}));
  EXPECT_TRUE(within(box_of([](auto& a) { a.scale_bar = true; }), {390, 360, 599, 399}));
  EXPECT_TRUE(within(box_of([](auto& a) { a.compass = true; }), {530, 1, 599, 60}));
  EXPECT_TRUE(within(box_of([](auto& a) { a.crosshair = true; }), {280, 180, 321, 221}));
}

TEST(Overlay, HasLightInkAndADarkHaloOnAnySky) {
  for (const int sky : {0, 100, 255}) {
    Picture picture(600, 400, 1, static_cast<std::uint8_t>(sky));
    draw(everything(), picture);
    const auto count = [&](int low, int high) {
      return std::ranges::count_if(picture.samples,
                                   [&](int sample) { return low <= sample && sample <= high; });
    };
    EXPECT_GT(count(230, 255), 300);
    EXPECT_GT(count(0, 50), 300);
  }
}

TEST(Overlay, DrawsTheSameInEveryChannelAndMakesInkOpaque) {
  Picture grey(600, 400, 1);
  draw(everything(), grey);
  for (const int channels : {2, 3, 4}) {
    const bool alpha = channels % 2 == 0;
    Picture picture(600, 400, channels);
    if (alpha)
      for (std::size_t i = channels - 1; i < picture.samples.size(); i += channels)
        picture.samples[i] = 255;
    Picture clear(600, 400, channels, 0);
    draw(everything(), picture);
    draw(everything(), clear);
    for (std::int64_t y = 0; y < 400; ++y)
      for (std::int64_t x = 0; x < 600; ++x) {
        const auto expected = *grey.pixel(x, y);
        for (int c = 0; c < channels - alpha; ++c)
          ASSERT_EQ(picture.pixel(x, y)[c], expected) << x << " " << y << " " << channels;
        if (!alpha) continue;
        ASSERT_EQ(picture.pixel(x, y)[channels - 1], 255);
        const int opacity = clear.pixel(x, y)[channels - 1];
        if (expected == 255 || expected == 0) {
          ASSERT_GE(opacity, 250);
          ASSERT_NEAR(clear.pixel(x, y)[0], expected, 3);
        }
        if (opacity == 0) {
          ASSERT_EQ(expected, 100);
        }
      }
  }
}

TEST(Overlay, TakesRowsInAnyOrder) {
  const auto overlay = overlay_of(everything(), 600, 400);
  std::vector<std::int64_t> order(400);
  std::iota(order.begin(), order.end(), 0);
  Picture down(600, 400, 3), shuffled(600, 400, 3);
  for (const auto y : order) overlay.blend(down.row(y), 3, y);
  std::ranges::shuffle(order, std::mt19937(7));
  for (const auto y : order) overlay.blend(shuffled.row(y), 3, y);
  EXPECT_EQ(down.samples, shuffled.samples);
  for (const std::int64_t y : {-1LL, 400LL, 1LL << 40}) overlay.blend(nullptr, 3, y);
}

TEST(Overlay, NeverOverflowsAPictureOfAnySize) {
  auto a = everything();
  for (std::int64_t height : {1, 2, 9, 20, 33, 50, 64, 100, 333, 2500})
    for (std::int64_t width : {1, 2, 9, 20, 33, 50, 64, 100, 333, 2500})
      for (const double share : {0.0, 0.5, 1.0}) {
        a.target_x = share * static_cast<double>(width - 1);
        a.target_y = share * static_cast<double>(height - 1);
        const auto overlay = overlay_of(a, width, height);
        // One row of its own, so that a sanitizer sees the first byte beside it.
        for (std::int64_t y = 0; y < height; ++y) {
          std::vector<std::uint8_t> row(static_cast<std::size_t>(width), 100);
          overlay.blend(row.data(), 1, y);
          if (width < 10 || height < 10) {
            ASSERT_EQ(std::ranges::count(row, 100), width);
          }
        }
      }
}

TEST(Overlay, SurvivesAnyCaption) {
  std::mt19937 random(8);
  for (int round = 0; round < 50; ++round) {
    Annotation a;
    a.caption.resize(random() % 300);
    for (char& c : a.caption) c = static_cast<char>(random());
    Picture picture(150, 100, 4);
    draw(a, picture);
  }
}

}  // namespace
}  // namespace recorte::draw
