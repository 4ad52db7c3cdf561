// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/wcs.hpp"
#include "tests/unit/sky/astropy_blocks.hpp"
#include "tests/unit/tree.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::sky {
namespace {

/// Degrees by which two positions differ, on the sky.
double apart(const double* a, const double* b) {
  return separation(to_vector({a[0], a[1]}), to_vector({b[0], b[1]}));
}

/// How far Recorte is from a reference, on the sky and there and back.
struct Worst {
  double sky = 0;    ///< degrees
  double pixel = 0;  ///< pixels
};

Worst compare(const Wcs& wcs, const test::Reference& r) {
  std::vector<double> sky(r.xy.size()), back(r.xy.size());
  wcs.to_sky(r.xy, sky);
  wcs.to_pixel(sky, back);
  Worst worst;
  for (std::size_t i = 0; i < sky.size(); i += 2) {
    EXPECT_EQ(std::isnan(sky[i]), std::isnan(r.radec[i]))
        << "pixel " << r.xy[i] << " " << r.xy[i + 1];
    if (std::isnan(sky[i])) continue;
    worst.sky = std::fmax(worst.sky, apart(&sky[i], &r.radec[i]));
    const double off = std::hypot(back[i] - r.xy[i], back[i + 1] - r.xy[i + 1]);
    EXPECT_FALSE(std::isnan(off)) << "pixel " << r.xy[i] << " " << r.xy[i + 1];
    worst.pixel = std::fmax(worst.pixel, off);
  }
  return worst;
}

TEST(Astropy, AgreesOnEveryRealImageBothWays) {
  const auto data = recorte::test::survey_data() / "surveys";
  if (!std::filesystem::exists(data))
    GTEST_SKIP() << "no survey images in " << data << "; set RECORTE_TEST_DATA";
  if (!test::have_astropy())
    GTEST_SKIP() << "/usr/bin/python3 has no astropy; install python3-astropy";
  const auto all = test::references("astropy_reference.py", data.string());
  ASSERT_GT(all.size(), 100U);
  for (const auto& r : all) {
    SCOPED_TRACE(r.name);
    const auto wcs = Wcs::parse(r.cards);
    ASSERT_TRUE(wcs) << wcs.error().message;
    EXPECT_NEAR(wcs->scale_x() / r.scale_x, 1, 1e-12);
    EXPECT_NEAR(wcs->scale_y() / r.scale_y, 1, 1e-12);
    const Worst worst = compare(*wcs, r);
    EXPECT_LT(worst.sky, r.bound);
    EXPECT_LT(worst.pixel, 1e-7);
  }
}

/// astropy_generated.py says what is compared with what, and to which bound.
TEST(Astropy, AgreesOnEveryProjectionMatrixAndFrameBothWays) {
  if (!test::have_astropy())
    GTEST_SKIP() << "/usr/bin/python3 has no astropy; install python3-astropy";
  const auto all = test::references("astropy_generated.py", "");
  ASSERT_GT(all.size(), 1000U);
  for (const auto& r : all) {
    SCOPED_TRACE(r.name);
    const auto wcs = Wcs::parse(r.cards);
    ASSERT_TRUE(wcs) << wcs.error().message;
    const Worst worst = compare(*wcs, r);
    EXPECT_LT(worst.sky, r.bound);
    EXPECT_LT(worst.pixel, 1e-6);
  }
}

}  // namespace
}  // namespace recorte::sky
