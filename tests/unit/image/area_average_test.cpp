// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/area_average.hpp"

#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace recorte::image {
namespace {

struct Image {
  std::int64_t width, height;
  std::vector<float> pixels;
  Patch patch() const { return {pixels.data(), width, 0, 0, width, height}; }
};

Image noise(std::int64_t width, std::int64_t height) {
  Image image{width, height, std::vector<float>(static_cast<std::size_t>(width * height))};
  std::mt19937 random(recorte::test::seed(3));
  std::normal_distribution<float> normal(100, 10);
  for (auto& p : image.pixels) p = normal(random);
  return image;
}

/// The part of a fine pixel in a coarse one.
double overlap(std::int64_t fine, const Coarser& axis, std::int64_t coarse) {
  const auto c = static_cast<double>(fine);
  return std::max(0.0, std::min(axis.end(coarse), c + .5) - std::max(axis.begin(coarse), c - .5));
}

TEST(AreaAverage, IsTheMeanOverTheArea) {
  const auto image = noise(61, 47);
  for (const double scale : {1.0, 1.7, 2.0, 3.25, 10.0, 100.0})
    for (const double shift : {0.0, 0.5, -0.3}) {
      const Coarser across{scale, shift}, up{scale, -shift};
      for (std::int64_t y = -1; y < 4; ++y) {
        std::vector<float> out(8);
        // In two parts.
        AreaRow row(across, up, -1, y, out.size());
        row.add({image.pixels.data(), 61, 0, 0, 61, 20});
        row.add({image.pixels.data() + 20 * 61, 61, 0, 20, 61, 27});
        row.result(out);
        for (std::int64_t x = -1; x < 7; ++x) {
          double sum = 0, weight = 0;
          for (std::int64_t j = 0; j < image.height; ++j)
            for (std::int64_t i = 0; i < image.width; ++i) {
              const double w = overlap(i, across, x) * overlap(j, up, y);
              weight += w;
              sum += w * static_cast<double>(image.pixels[static_cast<std::size_t>(j * 61 + i)]);
            }
          const auto got = out[static_cast<std::size_t>(x + 1)];
          if (weight < 1e-12) {
            EXPECT_TRUE(std::isnan(got));
          } else {
            EXPECT_NEAR(got, sum / weight, 1e-4) << scale << " " << x << " " << y;
          }
        }
      }
    }
}

TEST(AreaAverage, NaNCountsForNothing) {
  Image image{4, 2, {1, NAN, 5, 7, 3, NAN, 5, 7}};
  std::vector<float> out(2);
  const auto average = [&] {
    AreaRow row({2, 0.5}, {2, 0.5}, 0, 0, 2);
    row.add(image.patch());
    row.result(out);
  };
  average();
  EXPECT_EQ(out[0], 2);
  EXPECT_EQ(out[1], 6);
  image.pixels[0] = image.pixels[4] = NAN;
  average();
  EXPECT_TRUE(std::isnan(out[0]));
}

}  // namespace
}  // namespace recorte::image
