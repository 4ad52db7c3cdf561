// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/coadd.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace recorte::image {
namespace {

/// Two images of four pixels: both there; the first NaN; the second without weight; neither.
std::vector<float> outcome(Combine combine, Moment moment, bool weighted = true) {
  Coadd coadd(combine, moment, 4, 1);
  const Coadd::Part all{0, 0, 4, 1};
  const std::vector<float> a{10, NAN, 7, NAN}, b{20, 5, 9, NAN};
  const std::vector<float> wa{1, 1, 2, 1}, wb{3, 4, 0, 1};
  const std::vector<float> va{4, 4, 4, 4}, vb{8, 8, 8, 8};
  coadd.add(all, a, weighted ? std::span(wa) : std::span<const float>(), va);
  coadd.add(all, b, weighted ? std::span(wb) : std::span<const float>(), vb);
  std::vector<float> out(4);
  coadd.result(out);
  EXPECT_TRUE(std::isnan(out[3]));
  out.pop_back();
  return out;
}

using Floats = std::vector<float>;

TEST(Coadd, Mean) {
  EXPECT_EQ(outcome(Combine::kMean, Moment::kValue), (Floats{17.5, 5, 7}));
  EXPECT_EQ(outcome(Combine::kMean, Moment::kWeight), (Floats{4, 4, 2}));
  EXPECT_EQ(outcome(Combine::kMean, Moment::kVariance), (Floats{(1 * 4 + 9 * 8) / 16.F, 8, 4}));
  EXPECT_EQ(outcome(Combine::kMean, Moment::kValue, false), (Floats{15, 5, 8}));
}

TEST(Coadd, First) {
  EXPECT_EQ(outcome(Combine::kFirst, Moment::kValue), (Floats{10, 5, 7}));
  EXPECT_EQ(outcome(Combine::kFirst, Moment::kWeight), (Floats{1, 4, 2}));
  EXPECT_EQ(outcome(Combine::kFirst, Moment::kVariance), (Floats{4, 8, 4}));
}

TEST(Coadd, Median) {
  EXPECT_EQ(outcome(Combine::kMedian, Moment::kValue), (Floats{15, 5, 7}));
  // Of two images median and mean are one.
  EXPECT_EQ(outcome(Combine::kMedian, Moment::kWeight)[0], 4);
  EXPECT_EQ(outcome(Combine::kMedian, Moment::kVariance)[0], 3);  // (4 + 8) / 2²
  for (const auto moment : {Moment::kWeight, Moment::kVariance}) {
    Coadd coadd(Combine::kMedian, moment, 1, 1);
    const float value = 1, w = 2, v = 5;
    for (int i = 0; i < 4; ++i) coadd.add({0, 0, 1, 1}, {&value, 1}, {&w, 1}, {&v, 1});
    float out = 0;
    coadd.result({&out, 1});
    const double less = std::numbers::pi / 2;
    EXPECT_FLOAT_EQ(out, static_cast<float>(moment == Moment::kWeight ? 8 / less : less * 20 / 16));
  }
  Coadd three(Combine::kMedian, Moment::kValue, 1, 1);
  for (const float value : {9.F, 1.F, 4.F}) three.add({0, 0, 1, 1}, {&value, 1}, {});
  float out = 0;
  three.result({&out, 1});
  EXPECT_EQ(out, 4);
}

TEST(Coadd, ImagesCoverPartsOfTheGrid) {
  for (const auto combine : {Combine::kMean, Combine::kMedian, Combine::kFirst}) {
    Coadd coadd(combine, Moment::kValue, 3, 3);
    coadd.add({0, 0, 2, 2}, Floats{1, 2, 3, 4}, {});
    coadd.add({1, 1, 2, 2}, Floats{40, 50, 60, 70}, {});
    Floats out(9);
    coadd.result(out);
    EXPECT_EQ((Floats{out[0], out[1], out[3], out[5], out[7], out[8]}),
              (Floats{1, 2, 3, 50, 60, 70}));
    EXPECT_EQ(out[4], combine == Combine::kFirst ? 4 : 22);
    EXPECT_TRUE(std::isnan(out[2]) && std::isnan(out[6]));
  }
}

/// A mean weighted by 1/variance has the variance 1 / Σ(1/v).
TEST(Coadd, InverseVarianceWeights) {
  const float value = 1;
  double sum = 0;
  Coadd coadd(Combine::kMean, Moment::kVariance, 1, 1);
  for (const float v : {2.F, 5.F, 0.5F}) {
    const float w = 1 / v;
    sum += static_cast<double>(w);
    coadd.add({0, 0, 1, 1}, {&value, 1}, {&w, 1}, {&v, 1});
  }
  float out = 0;
  coadd.result({&out, 1});
  EXPECT_FLOAT_EQ(out, static_cast<float>(1 / sum));
}

}  // namespace
}  // namespace recorte::image
