// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/asinh.hpp"

#include "core/fits/file.hpp"
#include "tests/unit/fits/fixtures.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace recorte::fits {
namespace {

/// Four pixels of 16 bits, big-endian, with more cards.
std::string file_of(std::array<std::int16_t, 4> pixels, const std::vector<std::string>& more) {
  std::vector<std::string> cards{"SIMPLE  =                    T", "BITPIX  =                   16",
                                 "NAXIS   =                    2", "NAXIS1  =                    2",
                                 "NAXIS2  =                    2"};
  cards.insert(cards.end(), more.begin(), more.end());
  auto bytes = test::header_block(cards);
  for (const auto pixel : pixels) {
    bytes += static_cast<char>(pixel >> 8);
    bytes += static_cast<char>(pixel & 0xff);
  }
  bytes.resize((bytes.size() + 2879) / 2880 * 2880);
  return bytes;
}

TEST(Asinh, AFileOfAsinhMagnitudesReadsAsFluxes) {
  test::TempDir directory;
  test::spill(directory / "stack.fits",
              file_of({0, 100, -300, 32767},
                      {"BSCALE  =                 0.01", "BZERO   =                  0.5",
                       "BLANK   =                32767", "BSOFTEN =                  3.0",
                       "BOFFSET =                 -2.0"}));
  const auto file = File::open(directory / "stack.fits");
  ASSERT_TRUE(file) << file.error().message;
  const auto image = file->image(0);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->hdu.bitpix, -32);
  EXPECT_EQ(image->header.number("BITPIX"), -32);
  for (const auto* keyword : {"BSCALE", "BZERO", "BLANK", "BSOFTEN", "BOFFSET"})
    EXPECT_FALSE(image->header.has(keyword)) << keyword;

  const auto flux = [](double magnitude) {
    const double x = magnitude / (2.5 * std::log10(std::exp(1.0)));
    return -2.0 + 3.0 * (std::exp(x) - std::exp(-x));
  };
  std::array<float, 4> stored{};
  ASSERT_TRUE(file->read(*image, 0, {0, 0, 2, 2}, 0, stored.data(), 8));
  std::array<double, 4> scaled{};
  ASSERT_TRUE(file->read(*image, 0, {0, 0, 2, 2}, -64, scaled.data(), 16));
  const std::array magnitudes{0.5, 1.5, -2.5};
  for (std::size_t i = 0; i < magnitudes.size(); ++i) {
    EXPECT_FLOAT_EQ(stored[i], static_cast<float>(flux(magnitudes[i])));
    EXPECT_DOUBLE_EQ(scaled[i], flux(magnitudes[i]));
  }
  EXPECT_TRUE(std::isnan(stored[3]));
  EXPECT_TRUE(std::isnan(scaled[3]));
}

TEST(Asinh, OneKeywordAloneMeansNothing) {
  test::TempDir directory;
  test::spill(directory / "plain.fits", file_of({1, 2, 3, 4}, {"BSOFTEN =                  3.0"}));
  const auto file = File::open(directory / "plain.fits");
  ASSERT_TRUE(file);
  const auto image = file->image(0);
  ASSERT_TRUE(image);
  EXPECT_EQ(image->hdu.bitpix, 16);
  EXPECT_TRUE(image->header.has("BSOFTEN"));
}

}  // namespace
}  // namespace recorte::fits
