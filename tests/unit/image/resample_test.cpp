// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/resample.hpp"

#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr Kernel kKernels[] = {Kernel::kNearest, Kernel::kBilinear, Kernel::kLanczos3};

/// Exactly the pixels of a patch, on the heap, so that a sanitizer sees a step outside.
struct Image {
  std::int64_t x0 = 0, y0 = 0, width, height;
  std::vector<float> pixels = std::vector<float>(static_cast<std::size_t>(width * height));
  float& at(std::int64_t x, std::int64_t y) {
    return pixels[static_cast<std::size_t>((y - y0) * width + x - x0)];
  }
  Patch patch() const { return {pixels.data(), width, x0, y0, width, height}; }
};

float value_at(const Image& image, Kernel kernel, double x, double y) {
  const double place[2] = {x, y};
  float out = 0;
  interpolate(image.patch(), kernel, place, {&out, 1});
  return out;
}

Image noise(std::int64_t width, std::int64_t height, unsigned seed) {
  Image image{0, 0, width, height};
  std::mt19937 random(recorte::test::seed(seed));
  std::normal_distribution<float> normal(100, 10);
  for (auto& p : image.pixels) p = normal(random);
  return image;
}

double weight(Kernel kernel, double t) {
  t = std::abs(t);
  if (kernel == Kernel::kBilinear) return t < 1 ? 1 - t : 0;
  if (t == 0) return 1;
  if (t >= 3 || t == std::floor(t)) return 0;
  const double a = std::numbers::pi * t;
  return std::sin(a) / a * std::sin(a / 3) / (a / 3);
}

/// The plain sum over every pixel of the image, normalised.
double brute(Image& image, Kernel kernel, double x, double y) {
  double sum = 0;
  double weights = 0;
  for (std::int64_t j = image.y0; j < image.y0 + image.height; ++j)
    for (std::int64_t i = image.x0; i < image.x0 + image.width; ++i) {
      const double w = weight(kernel, x - double(i)) * weight(kernel, y - double(j));
      weights += w;
      if (w != 0) sum += w * image.at(i, j);
    }
  return sum / weights;
}

TEST(Resample, AgreesWithTheWholeSumEverywhere) {
  auto image = noise(23, 17, 1);
  std::mt19937 random(recorte::test::seed(2));
  std::uniform_real_distribution<double> x(-.5, 22.5);
  std::uniform_real_distribution<double> y(-.5, 16.5);
  for (const auto kernel : {Kernel::kBilinear, Kernel::kLanczos3})
    for (int i = 0; i < 2000; ++i) {
      const double px = x(random);
      const double py = y(random);
      EXPECT_NEAR(value_at(image, kernel, px, py), brute(image, kernel, px, py), 1e-4)
          << px << " " << py;
    }
}

TEST(Resample, NearestIsTheNearest) {
  auto image = noise(23, 17, 3);
  std::mt19937 random(recorte::test::seed(4));
  std::uniform_real_distribution<double> off(-.499999, .499999);
  for (std::int64_t y = 0; y < 17; ++y)
    for (std::int64_t x = 0; x < 23; ++x)
      EXPECT_EQ(value_at(image, Kernel::kNearest, double(x) + off(random), double(y) + off(random)),
                image.at(x, y));
}

TEST(Resample, WholePlacesGiveThePixelItself) {
  auto image = noise(12, 9, 5);
  for (const auto kernel : kKernels)
    for (std::int64_t y = 0; y < 9; ++y)
      for (std::int64_t x = 0; x < 12; ++x)
        EXPECT_EQ(value_at(image, kernel, double(x), double(y)), image.at(x, y));
}

TEST(Resample, AConstantStaysOneUpToTheEdge) {
  Image image{0, 0, 9, 7};
  for (auto& p : image.pixels) p = 42;
  std::mt19937 random(recorte::test::seed(6));
  std::uniform_real_distribution<double> x(-.5, 8.5);
  std::uniform_real_distribution<double> y(-.5, 6.5);
  for (const auto kernel : kKernels)
    for (int i = 0; i < 2000; ++i)
      EXPECT_NEAR(value_at(image, kernel, x(random), y(random)), 42, 1e-5);
}

TEST(Resample, BilinearKeepsAPlane) {
  Image image{0, 0, 10, 10};
  for (std::int64_t y = 0; y < 10; ++y)
    for (std::int64_t x = 0; x < 10; ++x) image.at(x, y) = float(3 * x - 2 * y);
  for (const double x : {0., .25, 4.5, 8.75, 9.})
    for (const double y : {0., .1, 5.5, 9.})
      EXPECT_NEAR(value_at(image, Kernel::kBilinear, x, y), 3 * x - 2 * y, 1e-5);
}

TEST(Resample, APatchKnowsWhereItLies) {
  auto whole = noise(40, 30, 7);
  Image part{11, 8, 20, 15};
  for (std::int64_t y = 8; y < 23; ++y)
    for (std::int64_t x = 11; x < 31; ++x) part.at(x, y) = whole.at(x, y);
  std::mt19937 random(recorte::test::seed(8));
  for (const auto kernel : kKernels) {
    const double r = reach(kernel);
    std::uniform_real_distribution<double> x(11 + r, 30 - r);
    std::uniform_real_distribution<double> y(8 + r, 22 - r);
    for (int i = 0; i < 500; ++i) {
      const double px = x(random);
      const double py = y(random);
      EXPECT_EQ(value_at(part, kernel, px, py), value_at(whole, kernel, px, py)) << px << " " << py;
    }
  }
}

TEST(Resample, RowsMayBeLongerThanThePatch) {
  auto whole = noise(40, 30, 9);
  const Patch part{&whole.at(5, 6), 40, 5, 6, 10, 10};
  const double place[2] = {9.3, 10.6};
  float out = 0;
  interpolate(part, Kernel::kBilinear, place, {&out, 1});
  EXPECT_EQ(out, value_at(whole, Kernel::kBilinear, 9.3, 10.6));
}

/// The border belongs to the image on the left and below, and not on the right and above; no place,
/// however near to it, reads a pixel that is not there.
TEST(Resample, TheEdgeIsHalfAPixelOut) {
  for (const std::int64_t x0 : {0, 5}) {
    Image image{x0, 0, 4, 3};
    for (auto& p : image.pixels) p = 7;
    const double left = double(x0) - .5;
    const double right = double(x0) + 3.5;
    for (const auto kernel : kKernels) {
      for (const double x :
           {left, std::nextafter(left, -1e9), std::nextafter(left, 1e9), double(x0), right})
        for (const double y :
             {-.5, std::nextafter(-.5, 1), std::nextafter(.5, 0), std::nextafter(2.5, 0)})
          EXPECT_NEAR(value_at(image, kernel, x, y), 7, 1e-5) << x << " " << y;
      for (const double x : {right + 2e-6, left - 2e-6, right + 1, left - 100, 1e300, -1e300,
                             double(INFINITY), double(NAN)}) {
        EXPECT_TRUE(std::isnan(value_at(image, kernel, x, 1))) << x;
        EXPECT_TRUE(std::isnan(value_at(image, kernel, double(x0), x - double(x0) + 10))) << x;
      }
    }
  }
}

TEST(Resample, AOnePixelImageIsAllEdge) {
  Image image{0, 0, 1, 1};
  image.at(0, 0) = 5;
  for (const auto kernel : kKernels)
    for (const double x : {-.5, -.2, 0., .3, .4999})
      EXPECT_NEAR(value_at(image, kernel, x, -x / 2), 5, 1e-5);
}

/// A hole is as large as its pixels: around it, smaller kernels are used.
TEST(Resample, AHoleDoesNotGrow) {
  auto image = noise(15, 15, 10);
  image.at(7, 7) = kNaN;
  std::mt19937 random(recorte::test::seed(11));
  std::uniform_real_distribution<double> place(0, 14);
  for (const auto kernel : kKernels)
    for (int i = 0; i < 3000; ++i) {
      // Whole numbers, where weights vanish, come often.
      const double x = i % 3 == 0 ? std::round(place(random)) : place(random);
      const double y = i % 5 == 0 ? std::round(place(random)) : place(random);
      const auto weighs = [&](Kernel k) {
        return k == Kernel::kNearest ? std::abs(x - 7) < .5 && std::abs(y - 7) < .5
                                     : weight(k, x - 7) != 0 && weight(k, y - 7) != 0;
      };
      const float got = value_at(image, kernel, x, y);
      EXPECT_EQ(std::isnan(got), weighs(Kernel::kNearest)) << x << " " << y;
      if (weighs(kernel) && !weighs(Kernel::kBilinear)) {
        EXPECT_EQ(got, value_at(image, Kernel::kBilinear, x, y)) << x << " " << y;
      }
    }
}

/// Noise with holes and edges: the same bytes with every kind of vector instructions.
TEST(Resample, IsTheSameOnEveryMachine) {
  auto image = noise(211, 97, 13);
  std::mt19937 random(recorte::test::seed(14));
  for (int i = 0; i < 60; ++i) image.pixels[random() % image.pixels.size()] = kNaN;
  for (const float odd : {INFINITY, -INFINITY, 1e38f, -0.0f, 1e-44f})
    image.pixels[random() % image.pixels.size()] = odd;
  std::uniform_real_distribution<double> x(-2, 213);
  std::uniform_real_distribution<double> y(-2, 99);
  std::vector<double> places;
  for (int i = 0; i < 20000; ++i) {
    places.push_back(i % 11 == 0 ? std::round(x(random)) : x(random));
    places.push_back(i % 7 == 0 ? std::round(y(random)) : y(random));
  }
  for (const auto kernel : kKernels) {
    std::vector<float> expected(places.size() / 2);
    interpolate(image.patch(), kernel, places, expected, Simd::kScalar);
    for (auto level = Simd::kAvx2; level <= simd();
         level = static_cast<Simd>(static_cast<int>(level) + 1)) {
      std::vector<float> got(expected.size());
      interpolate(image.patch(), kernel, places, got, level);
      EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(float)), 0);
    }
  }
}

TEST(Resample, ManyPlacesAtOnce) {
  auto image = noise(8, 8, 12);
  const std::vector<double> places{1, 1, NAN, 2, 3, NAN, 2.5, 6.25, 100, 1};
  std::vector<float> out(5, -1);
  interpolate(image.patch(), Kernel::kLanczos3, places, out);
  EXPECT_EQ(out[0], image.at(1, 1));
  EXPECT_TRUE(std::isnan(out[1]) && std::isnan(out[2]) && std::isnan(out[4]));
  EXPECT_NEAR(out[3], brute(image, Kernel::kLanczos3, 2.5, 6.25), 1e-4);
  interpolate(image.patch(), Kernel::kLanczos3, {}, {});
}

}  // namespace
}  // namespace recorte::image
