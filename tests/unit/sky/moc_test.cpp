// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/moc.hpp"

#include "tests/unit/random.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace recorte::sky {
namespace {

Vector anywhere(std::mt19937& random) {
  std::normal_distribution<double> normal;
  return normalised({normal(random), normal(random), normal(random)});
}

TEST(Healpix, a_point_of_a_cell_is_in_that_cell) {
  std::mt19937 random(recorte::test::seed(1));
  std::uniform_real_distribution<double> inside(0.01, 0.99);
  for (int i = 0; i < 100'000; ++i) {
    const int order = static_cast<int>(random() % (kDeepestOrder + 1));
    std::uniform_int_distribution<std::uint64_t> any(0, (kFaces << 2 * order) - 1);
    const Cell cell{order, any(random)};
    // Below a millionth of a degree the last bits of a double are not enough for the edges.
    const bool fine = order > 24;
    const auto point = point_of(cell, fine ? 0.5 : inside(random), fine ? 0.5 : inside(random));
    ASSERT_EQ(cell_of(order, point).number, cell.number) << order;
  }
}

TEST(Healpix, known_cells) {
  // The middles of the twelve faces.
  const double cap = std::asin(2.0 / 3) / kDegree;
  for (std::uint64_t face = 0; face < 4; ++face) {
    const double turn = 90 * static_cast<double>(face);
    EXPECT_LT(separation(point_of({0, face}, 0.5, 0.5), to_vector({turn + 45, cap})), 1e-9);
    EXPECT_LT(separation(point_of({0, face + 4}, 0.5, 0.5), to_vector({turn, 0})), 1e-9);
    EXPECT_LT(separation(point_of({0, face + 8}, 0.5, 0.5), to_vector({turn + 45, -cap})), 1e-9);
  }
  EXPECT_LT(separation(point_of({0, 2}, 1, 1), {0, 0, 1}), 1e-9);
  EXPECT_LT(separation(point_of({0, 9}, 0, 0), {0, 0, -1}), 1e-9);
}

TEST(Healpix, caps_hold_their_cells) {
  std::mt19937 random(recorte::test::seed(2));
  std::uniform_real_distribution<double> inside(0, 1);
  for (int i = 0; i < 20'000; ++i) {
    const int order = static_cast<int>(random() % 12);
    std::uniform_int_distribution<std::uint64_t> any(0, (kFaces << 2 * order) - 1);
    const Cell cell{order, any(random)};
    const auto cap = cap_of(cell);
    ASSERT_LE(separation(cap.centre, point_of(cell, inside(random), inside(random))),
              cap.radius * 1.0001);
  }
}

TEST(Moc, cells_are_as_few_as_can_be_and_say_the_same) {
  const auto width = std::uint64_t{1} << 2 * (kDeepestOrder - 3);
  const Moc moc(3, {{5 * width, 6 * width}, {0, 3 * width}, {2 * width, 5 * width}});
  EXPECT_EQ(moc.ranges(), (std::vector<Moc::Range>{{0, 6 * width}}));
  EXPECT_EQ(moc.json(), R"({"2":[0],"3":[4,5]})");
  EXPECT_EQ(Moc(5, {{0, 16 * width}}).json(), R"({"1":[0],"5":[]})");
  EXPECT_EQ(Moc().json(), R"({"0":[]})");
  EXPECT_NEAR(Moc(3, {{0, kFaces * 64 * width}}).area(), 41252.96, 0.01);
}

TEST(Coverage, of_a_square_has_its_area_and_leaves_nothing_out) {
  std::mt19937 random(recorte::test::seed(3));
  for (const double dec : {0.0, 41.8, -65.0, -89.0}) {
    // Half of its diagonal is half a degree; one lies around the pole.
    std::vector<Position> corners;
    for (const double angle : {0.0, 90.0, 180.0, 270.0})
      corners.push_back(to_position(offset(to_vector({359.9, dec}), angle, dec < -80 ? 1.2 : 0.5)));
    const std::vector<Footprint> square{footprint_of(corners, 0)};
    const auto coverage = coverage_of(square);
    const double truth = dec < -80 ? 2.88 : 0.5;
    EXPECT_NEAR(coverage.held.area() / truth, 1, 0.01) << dec;
    EXPECT_GT(coverage.touched.area(), coverage.held.area());
    EXPECT_LT(coverage.touched.area() / truth, 1.2) << dec;
    const double side = side_of_cells(coverage.touched.order());
    for (int i = 0; i < 20'000; ++i) {
      const auto at = offset(square[0].cap.centre, static_cast<double>(random() % 360),
                             static_cast<double>(random() % 1500) / 1000);
      if (may_meet(square[0], {at, 0})) {
        ASSERT_TRUE(coverage.touched.contains(at));
      }
      if (!may_meet(square[0], {at, 3 * side})) {
        ASSERT_FALSE(coverage.touched.contains(at));
      }
    }
  }
}

TEST(Coverage, of_circles_and_of_the_whole_sky) {
  const std::vector<Footprint> circle{{{to_vector({210, -33}), 2}, {}}};
  EXPECT_NEAR(coverage_of(circle).held.area(),
              2 * std::numbers::pi * (1 - std::cos(2 * kDegree)) / (kDegree * kDegree), 0.05);
  const std::vector<Footprint> all{{{{1, 0, 0}, 180}, {}}};
  const auto sky = coverage_of(all);
  EXPECT_EQ(sky.touched.ranges().size(), 1U);
  EXPECT_NEAR(sky.touched.area(), 41252.96, 0.01);
  std::mt19937 random(recorte::test::seed(4));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(sky.touched.contains(anywhere(random)));
}

TEST(Coverage, what_overlaps_counts_once) {
  const auto square = [](double ra) {
    const std::vector<Position> corners{{ra, 0}, {ra + 1, 0}, {ra + 1, 1}, {ra, 1}};
    return footprint_of(corners, 0);
  };
  const std::vector<Footprint> two{square(10), square(10.5)};
  EXPECT_NEAR(coverage_of(two).held.area(), 1.5, 0.02);
  const auto one = std::vector{two[0]}, other = std::vector{two[1]};
  const std::vector<Coverage> parts{coverage_of(one), coverage_of(other)};
  EXPECT_NEAR(unite(parts).held.area(), 1.5, 0.02);
}

TEST(Coverage, each_image_is_drawn_by_its_own_size) {
  const std::vector<Footprint> images{{{to_vector({10, 10}), 10}, {}},
                                      {{to_vector({100, 10}), 0.001}, {}}};
  const auto small = std::vector{images[1]};
  const auto both = coverage_of(images);
  EXPECT_NEAR(coverage_of(small).held.area() / (std::numbers::pi * 1e-6), 1, 0.02);
  EXPECT_NEAR(both.held.area(), 313.4, 3);
  EXPECT_LT(both.touched.cells().size(), 10'000U);
}

}  // namespace
}  // namespace recorte::sky
