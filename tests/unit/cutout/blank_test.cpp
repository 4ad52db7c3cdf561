// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/blank.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace recorte::cutout {
namespace {

plugin::Call::Options call_options(std::uint64_t memory = 1 << 20) {
  return {.memory_budget = memory};
}

template <class T>
T pixel(const recorte_image& image, std::int64_t p, std::int64_t y, std::int64_t x) {
  T value;
  std::memcpy(&value,
              static_cast<const std::byte*>(image.pixels) + p * image.plane_bytes +
                  y * image.row_bytes + x * static_cast<std::int64_t>(sizeof(T)),
              sizeof value);
  return value;
}

template <class T>
void expect_filled(int bitpix, std::int64_t blank, T expected) {
  plugin::Call call(call_options());
  const auto image = plugin::new_image(call, bitpix, 5, 3, 2);
  ASSERT_TRUE(image);
  fill_blank(*image->get(), blank);
  for (int p = 0; p < 2; ++p)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 5; ++x) {
        const auto value = pixel<T>(*image->get(), p, y, x);
        if constexpr (std::is_floating_point_v<T>) {
          EXPECT_TRUE(std::isnan(value));
        } else {
          EXPECT_EQ(value, expected);
        }
      }
}

TEST(FillBlank, FillsEveryPixelOfEveryType) {
  expect_filled<std::uint8_t>(8, 255, 255);
  expect_filled<std::int16_t>(16, -32768, -32768);
  expect_filled<std::int32_t>(32, -5, -5);
  const auto least = std::numeric_limits<std::int64_t>::min();
  expect_filled<std::int64_t>(64, least, least);
  expect_filled<float>(-32, 7, 0);
  expect_filled<double>(-64, 7, 0);
}

TEST(CountBlank, CountsTheFirstPlanesBlankPixels) {
  for (const int bitpix : {8, 16, 32, 64, -32, -64}) {
    plugin::Call call(call_options());
    const auto image = plugin::new_image(call, bitpix, 5, 3, 2);
    ASSERT_TRUE(image);
    EXPECT_EQ(count_blank(*image->get(), 100), 0) << bitpix;
    fill_blank(*image->get(), 100, 1, 2, 5);
    fill_blank(*image->get(), 100, 2, 0, 1);
    EXPECT_EQ(count_blank(*image->get(), 100), 4) << bitpix;
    // No pixel of bytes is this.
    if (bitpix > 0) {
      EXPECT_EQ(count_blank(*image->get(), 100 + 256), 0) << bitpix;
    }
  }
}

class ChooseBlank : public testing::Test {
 protected:
  Result<std::int64_t> choose(const test::Picture& picture, const sky::PixelRect& rect) {
    test::write_picture(directory_ / "a.fits", picture);
    auto image = ImageCache({.open_files = 1}).open(directory_ / "a.fits", -1, "");
    if (!image) return fail(image.error());
    plugin::Call call(call_options());
    const BlankArea area{image->get(), rect};
    return choose_blank({&area, 1}, call);
  }
  Result<std::int64_t> choose(const test::Picture& picture) {
    return choose(picture, {0, 0, picture.width, picture.height});
  }
  test::TempDir directory_;
};

/// A picture of these values, then zeros.
test::Picture of(int bitpix, std::vector<double> values, double bzero = 0) {
  test::Picture out{.bitpix = bitpix};
  out.pixels = std::move(values);
  out.pixels.resize(64, 0);
  if (bzero != 0) out.cards = {"BZERO   = " + std::to_string(bzero)};
  return out;
}

TEST_F(ChooseBlank, TakesTheEndOfTheType) {
  EXPECT_EQ(choose(of(16, {1, 2, 3})), -32768);
  EXPECT_EQ(choose(of(32, {1, 2, 3})), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(choose(of(64, {1, 2, 3})), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(choose(of(8, {1, 2, 3})), 255);            // unsigned, so its upper end
  EXPECT_EQ(choose(of(8, {1, 2, 3}, -128)), 0 + 4);    // signed bytes; 0 to 3 are taken
  EXPECT_EQ(choose(of(16, {1, 2, 3}, 32768)), 32767);  // unsigned 16 bits
  EXPECT_EQ(choose(of(32, {1}, 2147483648.)), std::numeric_limits<std::int32_t>::max());
}

TEST_F(ChooseBlank, StepsOverWhatIsTaken) {
  EXPECT_EQ(choose(of(16, {-32768})), -32767);
  EXPECT_EQ(choose(of(16, {-32768, -32766, -32767})), -32765);
  EXPECT_EQ(choose(of(8, {255, 253, 254})), 252);
  EXPECT_EQ(choose(of(64, {-0x1p63})), std::numeric_limits<std::int64_t>::min() + 1);
  EXPECT_EQ(choose(of(64, {0x1p62})), std::numeric_limits<std::int64_t>::min());
}

TEST_F(ChooseBlank, LooksAtTheRectangleAndEveryPlane) {
  auto picture = of(16, {});
  picture.pixels[9] = -32768;  // (1, 1)
  EXPECT_EQ(choose(picture, {0, 0, 8, 1}), -32768);
  EXPECT_EQ(choose(picture, {1, 1, 1, 1}), -32767);
  EXPECT_EQ(choose(picture, {0, 0, 0, 0}), -32768);
  picture.planes = 2;
  picture.pixels.resize(128, 0);
  picture.pixels[9] = 0;
  picture.pixels[64] = -32768;
  EXPECT_EQ(choose(picture), -32767);
}

TEST_F(ChooseBlank, SaysWhenNoneIsLeft) {
  std::vector<double> values;
  for (int i = 0; i < 16; ++i) values.push_back(255 - i);
  EXPECT_EQ(choose(of(8, {values.begin(), values.end() - 1})), 240);
  const auto none = choose(of(8, values));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kData);
  EXPECT_THAT(none.error().message, testing::HasSubstr("edges=trim"));
}

TEST_F(ChooseBlank, NeedsNoneInFloats) { EXPECT_EQ(choose(of(-32, {1, 2})), 0); }

TEST_F(ChooseBlank, ReadsALargeImageInStrips) {
  test::Picture picture{.bitpix = 16, .width = 2048, .height = 2200};
  picture.pixels.resize(2048 * 2200, 0);
  picture.pixels.back() = -32768;
  test::write_picture(directory_ / "large.fits", picture);
  const auto image = ImageCache({.open_files = 1}).open(directory_ / "large.fits", -1, "");
  ASSERT_TRUE(image);
  plugin::Call narrow(call_options(9 << 20));  // bytes; the image has more
  const BlankArea area{image->get(), {0, 0, 2048, 2200}};
  EXPECT_EQ(choose_blank({&area, 1}, narrow), -32767);
  EXPECT_EQ(narrow.held(), 0U);
}

}  // namespace
}  // namespace recorte::cutout
