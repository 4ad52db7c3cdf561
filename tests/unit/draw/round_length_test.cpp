// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/round_length.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace recorte::draw {
namespace {

// Degrees, read from the label.
double meaning(const std::string& label) {
  const double number = std::stod(label);
  if (label.ends_with("\u2033")) return number / 3600;
  if (label.ends_with("\u2032")) return number / 60;
  EXPECT_TRUE(label.ends_with("\u00b0")) << label;
  return number;
}

TEST(RoundLength, IsTheLongestThatFits) {
  const auto label = [](double longest) { return round_length(longest)->label; };
  EXPECT_EQ(label(0.0019 / 3600), "0.001\u2033");
  EXPECT_EQ(label(0.5 / 3600), "0.5\u2033");
  EXPECT_EQ(label(1.0 / 3600), "1\u2033");
  EXPECT_EQ(label(19.9 / 3600), "10\u2033");
  EXPECT_EQ(label(20.0 / 3600), "20\u2033");
  EXPECT_EQ(label(59.0 / 3600), "50\u2033");
  EXPECT_EQ(label(1.0 / 60), "1\u2032");
  EXPECT_EQ(label(0.99), "50\u2032");
  EXPECT_EQ(label(1.0), "1\u00b0");
  EXPECT_EQ(label(49.0), "20\u00b0");
  EXPECT_EQ(label(249.0), "100\u00b0");
}

TEST(RoundLength, MeansItsLabelAtEveryScale) {
  std::set<std::string> labels;
  for (double longest = 0.001 / 3600 * 1.0001; longest < 250; longest *= 1.01) {
    const auto round = round_length(longest);
    ASSERT_TRUE(round) << longest;
    EXPECT_NEAR(round->degrees, meaning(round->label), 1e-12 * round->degrees);
    EXPECT_LE(round->degrees, longest * (1 + 1e-11));
    EXPECT_GT(round->degrees * 2.5 * (1 + 1e-11), longest);
    EXPECT_LT(std::stod(round->label), 101);
    labels.insert(round->label);
  }
  EXPECT_EQ(labels.size(), 15U + 6U + 7U);
}

TEST(RoundLength, IsNoneWhereNoneFits) {
  for (const double longest :
       {0.0, -1.0, 0.0009 / 3600, 251.0, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_FALSE(round_length(longest)) << longest;
}

}  // namespace
}  // namespace recorte::draw
