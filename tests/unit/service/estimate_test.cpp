// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/estimate.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace recorte;
using service::estimated_bytes;

const nlohmann::json kSurvey{{"pixel_scale", 0.001}, {"bands", {"g", "r", "i"}}};

cutout::CutoutRequest stamp(double pixels, std::vector<std::string> bands) {
  cutout::CutoutRequest request;
  request.stencil =
      *sky::make_box({10, 0}, {pixels, Extent::Unit::kPixel}, {pixels, Extent::Unit::kPixel});
  request.bands = std::move(bands);
  return request;
}

TEST(Estimate, IsNearAboveTheTruth) {
  const auto bytes = estimated_bytes(stamp(1000, {"g"}), kSurvey);
  EXPECT_GE(bytes, 4'000'000);
  EXPECT_LE(bytes, 4'400'000);
}

TEST(Estimate, GrowsWithBandsAndPlanes) {
  const auto one = estimated_bytes(stamp(1000, {"g"}), kSurvey);
  EXPECT_EQ(estimated_bytes(stamp(1000, {}), kSurvey), 3 * one) << "no bands: all of them";
  auto request = stamp(1000, {"g"});
  request.planes = {cutout::Plane::kImage, cutout::Plane::kMask};
  EXPECT_EQ(estimated_bytes(request, kSurvey), 2 * one);
}

TEST(Estimate, TakesARegionByTheCircleAroundIt) {
  auto request = stamp(1, {"g"});
  request.stencil = *sky::make_circle(10, 0, 0.5);
  EXPECT_GE(estimated_bytes(request, kSurvey), 4'000'000);
}

TEST(Estimate, SaysWhereItDoesNotKnow) {
  EXPECT_EQ(estimated_bytes(stamp(1000, {"g"}), {{"pixel_scale", nullptr}}), -1);
}

TEST(Estimate, DoesNotOverflow) {
  auto request = stamp(1e15, {"g"});
  EXPECT_GT(estimated_bytes(request, kSurvey), 1LL << 50);
}

}  // namespace
