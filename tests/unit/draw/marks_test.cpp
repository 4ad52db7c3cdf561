// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/marks.hpp"

#include "core/draw/round_length.hpp"
#include "tests/unit/draw/ink.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <string>

namespace recorte::draw {
namespace {

Font font_of(const Style& style) { return std::move(*Font::open(kFontFile, style.font)); }

// Where on its row the ink between two columns is.
double middle_of_ink(const Mark& mark, std::int64_t y, std::int64_t x0, std::int64_t x1) {
  double sum = 0, moment = 0;
  for (auto x = x0; x < x1; ++x) {
    sum += ink_at(mark, x, y);
    moment += ink_at(mark, x, y) * static_cast<double>(x);
  }
  return moment / sum;
}

TEST(Style, GrowsWithThePictureWithinBounds) {
  EXPECT_EQ(style_for(100, 1).font, 9);
  EXPECT_EQ(style_for(100, 400).font, 10);
  EXPECT_EQ(style_for(100, 1000).font, 25);
  EXPECT_EQ(style_for(100, 1LL << 40).font, 48);
}

TEST(ScaleBar, IsAsLongAsItsLabelSays) {
  for (const auto& [width, height] : {std::pair{300, 200}, {1000, 1000}, {3000, 500}}) {
    const auto style = style_for(width, height);
    const auto font = font_of(style);
    for (double scale = 1e-6; scale < 0.3; scale *= 1.37) {
      const auto mark = draw_scale_bar(style, font, scale);
      const auto round = round_length(width / 3.0 * scale);
      ASSERT_EQ(mark.has_value(), round.has_value());
      if (!mark) continue;
      EXPECT_TRUE(find(*mark, font, round->label)) << round->label;
      // The row through the lower ends of the ticks.
      const auto y = height - 1 - style.margin;
      const auto middle = inked(*mark).x0 + inked(*mark).width() / 2;
      const double length = middle_of_ink(*mark, y, middle, mark->box.x1) -
                            middle_of_ink(*mark, y, mark->box.x0, middle);
      EXPECT_NEAR(length * scale, round->degrees, 0.1 * scale) << round->label;
      EXPECT_LT(length, width / 3.0 + 0.1);
      EXPECT_GT(length, width / 8.0);
    }
  }
}

TEST(ScaleBar, IsLeftOutWithoutAScaleOrRoom) {
  const auto style = style_for(600, 400);
  const auto font = font_of(style);
  for (const double scale : {0.0, -1.0, 1e9, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_FALSE(draw_scale_bar(style, font, scale)) << scale;
  for (const auto& [width, height] : {std::pair{1, 1}, {20, 20}, {20, 400}, {400, 20}})
    EXPECT_FALSE(draw_scale_bar(style_for(width, height), font, 1e-4)) << width;
  EXPECT_TRUE(draw_scale_bar(style_for(64, 64), font, 1e-4));
  // Of however wide a picture, the bar is small.
  const auto wide = draw_scale_bar(style_for(0x7fffffff, 1000), font, 1e-8);
  ASSERT_TRUE(wide);
  EXPECT_LT(wide->box.width(), 40000);
}

struct Directions {
  Point north, east;
};

TEST(Compass, PointsWhereNorthAndEastAre) {
  for (const auto& [width, height] : {std::pair{300, 200}, {1000, 1000}}) {
    const auto style = style_for(width, height);
    const auto font = font_of(style);
    for (const auto& [north, east] : {Directions{{0, -1}, {-1, 0}},  // north up, east left
                                      {{0, -5}, {0.01, 0}},          // mirrored, of any length
                                      {{0, 1}, {1, 0}},              // turned by half
                                      {{0.6, 0.8}, {0.8, -0.6}},     // mirrored and turned
                                      {{-0.8, 0.6}, {0.6, 0.8}},
                                      {{0.1, -0.995}, {0.9, 0.436}}}) {  // not at right angles
      const auto mark = draw_compass(style, font, north, east);
      ASSERT_TRUE(mark);
      const auto n = find(*mark, font, "N"), e = find(*mark, font, "E");
      ASSERT_TRUE(n && e) << north.x << " " << north.y;
      const auto middle = [](const Box& box) {
        return Point{static_cast<double>(box.x0 + box.x1 - 1) / 2,
                     static_cast<double>(box.y0 + box.y1 - 1) / 2};
      };
      const auto unit = [](Point p) {
        const double length = std::hypot(p.x, p.y);
        return Point{p.x / length, p.y / length};
      };
      const auto un = unit(north), ue = unit(east);
      const double reach = 3.8 * style.font;
      EXPECT_NEAR(middle(*n).x - middle(*e).x, reach * (un.x - ue.x), 3);
      EXPECT_NEAR(middle(*n).y - middle(*e).y, reach * (un.y - ue.y), 3);
      // Back from each letter to the foot, through the arrow.
      for (const auto& [letter, direction] : {std::pair{middle(*n), un}, {middle(*e), ue}}) {
        double most = 0;
        for (const int dx : {-2, -1, 0, 1, 2})
          for (const int dy : {-2, -1, 0, 1, 2})
            most =
                std::max(most, ink_at(*mark, std::lround(letter.x - reach / 2 * direction.x) + dx,
                                      std::lround(letter.y - reach / 2 * direction.y) + dy));
        EXPECT_GT(most, 0.8);
      }
      const auto box = inked(*mark);
      EXPECT_LE(box.x1, width - style.margin);
      EXPECT_GE(box.x1, width - style.margin - style.font / 2);
      EXPECT_GE(box.y0, style.margin - 1);
      EXPECT_LE(box.y0, style.margin + style.font / 2);
    }
  }
}

TEST(Compass, IsLeftOutWithoutDirectionsOrRoom) {
  const auto style = style_for(600, 400);
  const auto font = font_of(style);
  const Point up{0, -1}, left{-1, 0};
  EXPECT_FALSE(draw_compass(style, font, {}, left));
  EXPECT_FALSE(draw_compass(style, font, up, {std::nan(""), 0}));
  EXPECT_FALSE(draw_compass(style, font, up, {std::numeric_limits<double>::infinity(), 0}));
  for (const auto& [width, height] : {std::pair{1, 1}, {20, 20}, {20, 400}, {400, 20}})
    EXPECT_FALSE(draw_compass(style_for(width, height), font, up, left)) << width;
  EXPECT_TRUE(draw_compass(style_for(128, 128), font, up, left));
}

TEST(Crosshair, SurroundsTheTargetAndLeavesItClear) {
  const auto style = style_for(1000, 1000);  // letters of 25
  const auto mark = draw_crosshair(style, {400, 300});
  ASSERT_TRUE(mark);
  for (int dy = -12; dy <= 12; ++dy)
    for (int dx = -12; dx <= 12; ++dx) EXPECT_EQ(pixel_at(*mark, 400 + dx, 300 + dy).coverage, 0);
  for (const int d : {18, 30, 37}) {
    for (const int s : {-1, 1}) {
      EXPECT_EQ(ink_at(*mark, 400 + s * d, 300), 1);
      EXPECT_EQ(ink_at(*mark, 400, 300 + s * d), 1);
      EXPECT_EQ(ink_at(*mark, 400 + s * d, 300 + d), 0);
    }
  }
  const auto box = inked(*mark);
  EXPECT_EQ(box.x0 + box.x1 - 1, 800);
  EXPECT_EQ(box.y0 + box.y1 - 1, 600);
}

TEST(Crosshair, IsCutAtTheEdgeAndGoneBeyondIt) {
  const auto style = style_for(300, 200);
  const auto corner = draw_crosshair(style, {0, 199});
  ASSERT_TRUE(corner);
  EXPECT_EQ(corner->box.x0, 0);
  EXPECT_EQ(corner->box.y1, 200);
  EXPECT_EQ(ink_at(*corner, 10, 199), 1);
  EXPECT_EQ(ink_at(*corner, 0, 189), 1);
  EXPECT_TRUE(draw_crosshair(style, {-0.5, -0.5}));
  for (const auto& target :
       {Point{-0.6, 5}, {299.5, 5}, {5, 199.5}, {5, -1e300}, {std::nan(""), 5}})
    EXPECT_FALSE(draw_crosshair(style, target)) << target.x;
  for (const auto& [width, height] : {std::pair{1, 1}, {20, 20}, {20, 400}, {400, 20}})
    EXPECT_FALSE(draw_crosshair(style_for(width, height), {0, 0})) << width;
}

TEST(Caption, StandsAtTheBottomLeftLineByLine) {
  const auto style = style_for(600, 400);
  const auto font = font_of(style);
  const auto marks = draw_caption(style, font, "M 51\nDES \u03b4 = \u22123\u00b0\n\n", {});
  ASSERT_EQ(marks.size(), 2U);
  const auto first = find(marks[0], font, "M 51");
  const auto second = find(marks[1], font, "DES \u03b4 = \u22123\u00b0");
  ASSERT_TRUE(first && second);
  EXPECT_LT(first->y1, second->y0);
  EXPECT_NEAR(static_cast<double>(first->x0), static_cast<double>(style.margin), 2);
  EXPECT_LE(second->y1, 400 - style.margin);
  EXPECT_GE(second->y1, 400 - style.margin - font.descent() - 1);
}

TEST(Caption, ThatIsTooLongEndsInAnEllipsis) {
  const auto style = style_for(200, 400);
  const auto font = font_of(style);
  const auto room = 200 - 2 * style.margin;
  const auto m = font.advance(U'm'), ellipsis = font.advance(U'\u2026');
  for (int length = 1; length < 40; ++length) {
    const auto marks = draw_caption(style, font, std::string(length, 'm'), {});
    ASSERT_EQ(marks.size(), 1U);
    const auto expected = length * m <= room ? std::string(length, 'm')
                                             : std::string((room - ellipsis) / m, 'm') + "\u2026";
    EXPECT_TRUE(find(marks[0], font, expected)) << length;
    EXPECT_LE(inked(marks[0]).x1, 200 - style.margin);
  }
  const auto endless = draw_caption(style, font, std::string(1'000'000, 'x'), {});
  ASSERT_EQ(endless.size(), 1U);
  EXPECT_LT(endless[0].box.width(), 200);
}

TEST(Caption, OfTooManyLinesEndsInAnEllipsis) {
  const auto style = style_for(600, 140);
  const auto font = font_of(style);
  const auto marks = draw_caption(style, font, "a\nb\nc\nd\ne\nf\ng\nh", {});
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_TRUE(find(marks[0], font, "a"));
  EXPECT_TRUE(find(marks[1], font, "b"));
  EXPECT_TRUE(find(marks[2], font, "c\u2026"));
  EXPECT_GE(marks[0].box.y0 + style.pad, 70);
  EXPECT_EQ(draw_caption(style, font, std::string(100000, '\n') + "x", {}).size(), 3U);
}

TEST(Caption, StandsAboveTheBarWhereThereIsNoRoomBesideIt) {
  const auto style = style_for(300, 300);
  const auto font = font_of(style);
  const auto bar = draw_scale_bar(style, font, 1e-4);
  ASSERT_TRUE(bar);
  const auto beside = draw_caption(style, font, "short", bar);
  const auto above =
      draw_caption(style, font, "of about this length, it would reach over the bar", bar);
  ASSERT_TRUE(beside.size() == 1 && above.size() == 1);
  EXPECT_GT(beside[0].box.y1, bar->box.y0 + style.pad);
  EXPECT_LT(inked(beside[0]).x1, inked(*bar).x0);
  EXPECT_LE(inked(above[0]).y1, inked(*bar).y0);
  EXPECT_GT(inked(above[0]).x1, inked(*bar).x0);
}

TEST(Caption, ShowsWhatIsNoCharacterAsReplaced) {
  const auto style = style_for(600, 400);
  const auto font = font_of(style);
  const auto marks = draw_caption(style, font, "a\xff\xc3z", {});
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_TRUE(find(marks[0], font, "a\ufffd\ufffdz"));
}

TEST(Caption, IsLeftOutWithoutRoom) {
  const auto font = font_of(style_for(1, 1));
  for (const auto& [width, height] : {std::pair{1, 1}, {20, 20}, {400, 20}, {8, 400}}) {
    for (const auto& mark : draw_caption(style_for(width, height), font, "M 51", {}))
      EXPECT_EQ(ink_of(mark), 0) << width << " x " << height;
  }
}

}  // namespace
}  // namespace recorte::draw
