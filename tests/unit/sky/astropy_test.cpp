// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/wcs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace recorte::sky {
namespace {

struct Reference {
  std::string name, cards;
  double width, height, scale_x, scale_y;
  std::vector<double> xy, radec;
};

std::string data_directory() {
  const char* set = std::getenv("RECORTE_TEST_DATA");
  return set ? set : RECORTE_SOURCE_DIR "/../shared/data";
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[1 << 16];
  while (const auto got = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
  pclose(pipe);
  return out;
}

std::vector<Reference> references() {
  std::istringstream in(output_of("/usr/bin/python3 '" RECORTE_SOURCE_DIR
                                  "/tests/unit/sky/astropy_reference.py' '" +
                                  data_directory() + "/surveys'"));
  std::vector<Reference> out;
  for (std::string line; std::getline(in, line);) {
    Reference r;
    std::string word;
    int cards, points;
    std::istringstream(line) >> word >> r.name >> r.width >> r.height >> r.scale_x >> r.scale_y >>
        cards >> points;
    for (int i = 0; i < cards; ++i) {
      std::getline(in, line);
      line.resize(80, ' ');
      r.cards += line;
    }
    for (int i = 0; i < points; ++i) {
      std::getline(in, line);
      const char* at = line.c_str();
      for (int k = 0; k < 4; ++k) {
        char* end;
        (k < 2 ? r.xy : r.radec).push_back(std::strtod(at, &end));
        at = end;
      }
    }
    out.push_back(std::move(r));
  }
  return out;
}

/// Degrees by which two positions differ, on the sky.
double apart(const double* a, const double* b) {
  return separation(to_vector({a[0], a[1]}), to_vector({b[0], b[1]}));
}

TEST(Astropy, AgreesOnEveryRealImageBothWays) {
  if (!std::filesystem::exists(data_directory() + "/surveys"))
    GTEST_SKIP() << "no survey images in " << data_directory() << "; set RECORTE_TEST_DATA";
  if (std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") != 0)
    GTEST_SKIP() << "/usr/bin/python3 has no astropy; install python3-astropy";
  const auto all = references();
  ASSERT_GT(all.size(), 100U);
  for (const auto& r : all) {
    SCOPED_TRACE(r.name);
    const auto wcs = Wcs::parse(r.cards);
    ASSERT_TRUE(wcs) << wcs.error().message;
    EXPECT_NEAR(wcs->scale_x() / r.scale_x, 1, 1e-12);
    EXPECT_NEAR(wcs->scale_y() / r.scale_y, 1, 1e-12);
    std::vector<double> sky(r.xy.size()), back(r.xy.size());
    wcs->to_sky(r.xy, sky);
    wcs->to_pixel(sky, back);
    double worst_sky = 0, worst_pixel = 0;
    for (std::size_t i = 0; i < sky.size(); i += 2) {
      ASSERT_EQ(std::isnan(sky[i]), std::isnan(r.radec[i]))
          << "pixel " << r.xy[i] << " " << r.xy[i + 1];
      if (std::isnan(sky[i])) continue;
      worst_sky = std::max(worst_sky, apart(&sky[i], &r.radec[i]));
      worst_pixel =
          std::fmax(worst_pixel, std::hypot(back[i] - r.xy[i], back[i + 1] - r.xy[i + 1]));
      ASSERT_FALSE(std::isnan(back[i])) << "pixel " << r.xy[i] << " " << r.xy[i + 1];
    }
    EXPECT_LT(worst_sky, 1e-9);
    EXPECT_LT(worst_pixel, 1e-7);
  }
}

}  // namespace
}  // namespace recorte::sky
