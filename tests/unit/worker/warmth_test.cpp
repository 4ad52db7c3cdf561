// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/warmth.hpp"

#include <gtest/gtest.h>

namespace recorte::worker {
namespace {

cutout::Task at(const std::string& survey, const std::string& place) {
  cutout::Task task;
  task.items.push_back(
      {0, cutout::parse_canonical("survey=" + survey + "&" + place + "&size=20px").value(), {}});
  return task;
}

TEST(Warmth, NeighboursShareAPlaceAndOthersDoNot) {
  const auto here = place_of(at("a", "ra=10.01&dec=5.01"));
  EXPECT_NE(here, 0U);
  EXPECT_EQ(place_of(at("a", "ra=10.02&dec=5.02")), here);
  EXPECT_NE(place_of(at("b", "ra=10.01&dec=5.01")), here);
  EXPECT_NE(place_of(at("a", "ra=11.01&dec=5.01")), here);
  EXPECT_NE(place_of(at("a", "ra=10.01&dec=6.01")), here);
  EXPECT_EQ(place_of(cutout::Task{}), 0U);
}

TEST(Warmth, IsOfTheLastPlaces) {
  Warmth warmth;
  EXPECT_FALSE(warmth.holds(0));
  EXPECT_FALSE(warmth.holds(1));
  for (std::uint64_t place = 1; place <= 65; ++place) warmth.add(place);
  EXPECT_FALSE(warmth.holds(1));
  EXPECT_TRUE(warmth.holds(2));
  EXPECT_TRUE(warmth.holds(65));
  warmth.add(0);
  EXPECT_FALSE(warmth.holds(0));
}

}  // namespace
}  // namespace recorte::worker
