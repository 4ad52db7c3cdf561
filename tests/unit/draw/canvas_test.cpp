// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/canvas.hpp"

#include "tests/unit/draw/ink.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

namespace recorte::draw {
namespace {

TEST(Canvas, DrawsALineAsLargeAsItIs) {
  for (double angle = 0; angle < 6.3; angle += 0.1) {
    Canvas canvas({0, 0, 100, 100});
    canvas.segment({50, 50}, {50 + 40 * std::cos(angle), 50 + 40 * std::sin(angle)}, 1.5);
    EXPECT_NEAR(ink_of(canvas.finish(0)), 40 * 3 + 3.14159 * 1.5 * 1.5, 3) << angle;
  }
}

TEST(Canvas, SurroundsInkWithAHalo) {
  Canvas canvas({10, 20, 31, 41});
  canvas.ink(20, 30, 255);
  const auto mark = canvas.finish(2);
  EXPECT_EQ(pixel_at(mark, 20, 30).shade, 255);
  EXPECT_EQ(pixel_at(mark, 20, 30).coverage, 255);
  for (const auto& [x, y] : {std::pair{19, 30}, {21, 30}, {20, 29}, {21, 31}}) {
    EXPECT_EQ(pixel_at(mark, x, y).shade, 0);
    EXPECT_EQ(pixel_at(mark, x, y).coverage, 255);
  }
  EXPECT_EQ(pixel_at(mark, 22, 30).coverage, 128);
  EXPECT_EQ(pixel_at(mark, 23, 30).coverage, 0);
  EXPECT_EQ(pixel_at(mark, 22, 32).coverage, 0);
}

TEST(Canvas, LeavesOutWhatFallsOutside) {
  Canvas canvas({0, 0, 4, 4});
  canvas.segment({-1e9, 1}, {1e9, 1}, 0.5);
  canvas.segment({100, 100}, {200, 200}, 5);
  for (const int x : {-1, 4}) canvas.ink(x, 2, 255);
  const auto mark = canvas.finish(0);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) EXPECT_EQ(pixel_at(mark, x, y).coverage, y == 1 ? 255 : 0);
  Canvas none({5, 5, 5, 9});
  none.ink(5, 5, 255);
  EXPECT_THAT(none.finish(1).pixels, testing::IsEmpty());
}

TEST(Mark, BlendsOntoEveryKindOfPixel) {
  const Mark mark{{1, 0, 4, 1}, {{255, 255}, {255, 51}, {0, 255}}};
  using Row = std::vector<std::uint8_t>;
  const auto blended = [&](Row row, int channels) {
    mark.blend(row.data(), channels, 0);
    return row;
  };
  EXPECT_EQ(blended({100, 100, 100, 100, 100}, 1), (Row{100, 255, 131, 0, 100}));
  // Clear, half clear and opaque below.
  EXPECT_EQ(blended({9, 0, 9, 0, 9, 0, 9, 0, 9, 0}, 2),
            (Row{9, 0, 255, 255, 255, 51, 0, 255, 9, 0}));
  EXPECT_EQ(blended({9, 8, 9, 8, 100, 255, 9, 8, 9, 8}, 2),
            (Row{9, 8, 255, 255, 131, 255, 0, 255, 9, 8}));
  // 51 of white over 120 of 100: 51 + 120 * 0.8 of (51 * 255 + 96 * 100) / 147.
  EXPECT_EQ(blended({9, 8, 9, 8, 100, 120, 9, 8, 9, 8}, 2)[4], 154);
  EXPECT_EQ(blended({9, 8, 9, 8, 100, 120, 9, 8, 9, 8}, 2)[5], 147);
  EXPECT_EQ(blended({1, 2, 3, 1, 2, 3, 0, 100, 200, 1, 2, 3, 1, 2, 3}, 3),
            (Row{1, 2, 3, 255, 255, 255, 51, 131, 211, 0, 0, 0, 1, 2, 3}));
  EXPECT_EQ(blended({1, 2, 3, 4, 1, 2, 3, 4, 0, 100, 200, 255, 1, 2, 3, 4, 1, 2, 3, 4}, 4),
            (Row{1, 2, 3, 4, 255, 255, 255, 255, 51, 131, 211, 255, 0, 0, 0, 255, 1, 2, 3, 4}));
}

TEST(Mark, LeavesOtherRowsAlone) {
  const Mark mark{{0, 3, 1, 4}, {{255, 255}}};
  std::uint8_t pixel = 7;
  for (const int y : {-1, 0, 2, 4, 5}) mark.blend(&pixel, 1, y);
  EXPECT_EQ(pixel, 7);
}

TEST(Font, SaysWhatIsMissing) {
  const auto font = Font::open("/nonexistent/DejaVuSans.ttf", 12);
  ASSERT_FALSE(font);
  EXPECT_EQ(font.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(font.error().message, testing::HasSubstr("/nonexistent/DejaVuSans.ttf"));
  EXPECT_THAT(font.error().message, testing::HasSubstr("fonts-dejavu-core"));
  EXPECT_FALSE(Font::open("/proc/self/exe", 12));
}

// But for a pixel, which any bitmap's padding holds.
TEST(Font, KeepsWithinWhatItMeasures) {
  for (const int size : {9, 10, 17, 48}) {
    const auto font = Font::open(kFontFile, size);
    ASSERT_TRUE(font) << font.error().message;
    const std::u32string text = U"\u00c9gjN\u2033\u2032\u00b0\u2026\ufffd";
    const auto width = font->width(text);
    const auto drawn = [&](const Box& box) {
      Canvas canvas(box);
      font->draw(canvas, text, 100, 100);
      return ink_of(canvas.finish(0));
    };
    const double inside = drawn({99, 99 - font->ascent(), 101 + width, 101 + font->descent()});
    EXPECT_GT(inside, size);
    EXPECT_EQ(inside, drawn({0, 0, 1000, 1000}));
  }
}

TEST(Font, DrawsControlCharactersAsBlanks) {
  const auto font = Font::open(kFontFile, 20);
  ASSERT_TRUE(font);
  EXPECT_EQ(font->advance(U'\r'), font->advance(U' '));
  Canvas canvas({0, 0, 100, 100});
  font->draw(canvas, std::u32string_view(U"\0\t\x7f\x9f", 4), 10, 50);
  EXPECT_EQ(ink_of(canvas.finish(0)), 0);
}

}  // namespace
}  // namespace recorte::draw
