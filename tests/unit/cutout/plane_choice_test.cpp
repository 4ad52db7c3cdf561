// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/plane_choice.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::cutout {
namespace {

using sky::PlaneAxis;

/// Four frequencies, wavelengths falling from 0.24 m, and the states I to V.
std::vector<PlaneAxis> radio() {
  PlaneAxis frequency{PlaneAxis::Kind::kSpectral, "FREQ", 4, {}, {}};
  for (int i = 0; i < 4; ++i) {
    frequency.low.push_back(0.23 - 0.01 * i);
    frequency.high.push_back(0.24 - 0.01 * i);
  }
  return {frequency, {PlaneAxis::Kind::kStokes, "STOKES", 4, {1, 2, 3, 4}, {1, 2, 3, 4}}};
}

std::vector<std::int64_t> numbers(const PlaneChoice& choice) {
  std::vector<std::int64_t> out;
  for (std::int64_t n = 0; n < choice.planes(); ++n) out.push_back(choice.plane(n));
  return out;
}

TEST(PlaneChoice, AllWithoutAWord) {
  const auto choice = choose_planes(radio(), {}, false);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->planes(), 16);
  EXPECT_EQ(choice->plane(7), 7);
  EXPECT_EQ(choose_planes({}, {}, false)->planes(), 1);
}

TEST(PlaneChoice, ByWavelengthAndPolarization) {
  CutoutRequest request;
  request.lambda_min = 0.215;
  request.lambda_max = 0.225;
  request.polarizations = {"Q", "U"};
  const auto choice = choose_planes(radio(), request, false);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->first, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(choice->count, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(numbers(*choice), (std::vector<std::int64_t>{5, 6, 9, 10}));
  request.polarizations = {"RR"};
  EXPECT_FALSE(choose_planes(radio(), request, false));
  request.polarizations.clear();
  request.lambda_min = request.lambda_max = 0.5;
  EXPECT_FALSE(choose_planes(radio(), request, true));
}

TEST(PlaneChoice, TheShortestRunHoldsAll) {
  CutoutRequest request;
  request.polarizations = {"I", "V"};
  EXPECT_EQ(choose_planes(radio(), request, false)->count, (std::vector<std::int64_t>{4, 4}));
}

TEST(PlaneChoice, AnImageWithoutAxesHoldsIAndItsBandsWavelengths) {
  CutoutRequest request;
  request.polarizations = {"V", "I"};
  EXPECT_TRUE(choose_planes({}, request, false));
  request.polarizations = {"V"};
  EXPECT_FALSE(choose_planes({}, request, false));
  CutoutRequest light;
  light.lambda_min = 4e-7;
  EXPECT_TRUE(choose_planes({}, light, true));
  EXPECT_FALSE(choose_planes({}, light, false)) << "nobody knows its wavelengths";
}

TEST(PlaneChoice, UnknownValuesMeetNothing) {
  PlaneAxis velocity{PlaneAxis::Kind::kSpectral, "VOPT", 2, {NAN, NAN}, {NAN, NAN}};
  CutoutRequest request;
  request.lambda_max = 1;
  EXPECT_FALSE(choose_planes({velocity}, request, true));
  PlaneAxis other{PlaneAxis::Kind::kOther, "", 3, {}, {}};
  EXPECT_EQ(choose_planes({other}, request, true)->planes(), 3);
}

TEST(PlaneChoice, KeepsTheFirstAxes) {
  auto choice = *choose_planes(radio(), {}, false);
  choice.keep(1);
  EXPECT_EQ(choice.planes(), 4);
}

}  // namespace
}  // namespace recorte::cutout
