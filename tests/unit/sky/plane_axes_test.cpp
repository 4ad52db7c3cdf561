// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/plane_axes.hpp"

#include "tests/unit/sky/headers.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>

namespace recorte::sky {
namespace {

using Kind = PlaneAxis::Kind;
using testing::HasSubstr;

constexpr double kC = 299792458.0;
constexpr double kPlanck = 6.62607015e-34;
constexpr double kElectron = 1.602176634e-19;

std::vector<PlaneAxis> axes_of(const std::string& lines, std::vector<std::int64_t> axes) {
  const std::string celestial =
      "CTYPE1  = 'RA---TAN'\nCTYPE2  = 'DEC--TAN'\nCRVAL1  = 10\nCRVAL2  = -5\n";
  const auto all = plane_axes(test::cards(celestial + lines), axes);
  if (!all) throw std::runtime_error(all.error().message);
  return *all;
}

/// Axis 3 of three planes, the first at `value` (CRPIX3 = 1), `step` apart.
PlaneAxis third(const std::string& type, double value, double step, const std::string& unit = "",
                const std::string& more = "") {
  std::ostringstream lines;
  lines.precision(17);
  lines << "CTYPE3  = '" << type << "'\nCRVAL3  = " << value << "\nCDELT3  = " << step
        << "\nCRPIX3  = 1\n";
  if (!unit.empty()) lines << "CUNIT3  = '" << unit << "'\n";
  return axes_of(lines.str() + more, {10, 10, 3}).at(0);
}

void expect_wave(const PlaneAxis& axis, std::size_t plane, double a, double b,
                 double relative = 1e-12) {
  ASSERT_EQ(axis.kind, Kind::kSpectral);
  ASSERT_EQ(axis.low.size(), 3U);
  EXPECT_NEAR(axis.low[plane] / std::min(a, b), 1, relative);
  EXPECT_NEAR(axis.high[plane] / std::max(a, b), 1, relative);
}

void expect_nothing(const PlaneAxis& axis, Kind kind) {
  EXPECT_EQ(axis.kind, kind);
  ASSERT_EQ(axis.low.size(), static_cast<std::size_t>(axis.length));
  for (const auto* values : {&axis.low, &axis.high})
    for (const double value : *values) EXPECT_TRUE(std::isnan(value));
}

TEST(PlaneAxes, FrequenciesAreWavelengthsInWhateverUnit) {
  const double low = kC / 1.4005e9, high = kC / 1.3995e9;
  for (const auto& axis : {third("FREQ", 1.4e9, 1e6), third("FREQ", 1.4e9, 1e6, "Hz"),
                           third("FREQ", 1.4, 1e-3, "GHz"), third("FREQ", 1400, 1, "MHZ"),
                           third("FREQ-LSR", 1.4e9, 1e6, "HZ"), third("FREQUENCY", 1.4e9, 1e6)}) {
    SCOPED_TRACE(axis.ctype);
    expect_wave(axis, 0, low, high);
    expect_wave(axis, 2, kC / 1.4025e9, kC / 1.4015e9);
  }
}

TEST(PlaneAxes, WavelengthsAreThemselves) {
  for (const char* unit : {"Angstrom", "angstroms", "Ang", "ANGSTROM"})
    expect_wave(third("WAVE", 5000, 2, unit), 1, 5.001e-7, 5.003e-7);
  expect_wave(third("WAVE", 500, 0.2, "nm"), 1, 5.001e-7, 5.003e-7);
  expect_wave(third("WAVELENGTH", 0.5, 0.0002, "micron"), 1, 5.001e-7, 5.003e-7);
  expect_wave(third("WAVE", 5e-7, -2e-10), 1, 4.997e-7, 4.999e-7);
}

TEST(PlaneAxes, AirWavelengthsAreTakenToVacuum) {
  // Edlén 1953, as of the IAU and in WCSLIB, of the vacuum wave number in 1/micrometre.
  const auto air = [](double vacuum) {
    const double s = 1e-12 / (vacuum * vacuum);
    return vacuum / (1 + 6.4328e-5 + 2.94981e-2 / (146 - s) + 2.5540e-4 / (41 - s));
  };
  const auto axis = third("AWAV", 5000, 2, "Angstrom");
  ASSERT_EQ(axis.kind, Kind::kSpectral);
  EXPECT_NEAR(air(axis.low[0]) / 4.999e-7, 1, 1e-8);  // WCSLIB inverts it to 4e-9
  EXPECT_NEAR(air(axis.high[2]) / 5.005e-7, 1, 1e-8);
  EXPECT_NEAR(axis.low[0] - 4.999e-7, 1.394e-10, 1e-12);  // of the textbooks: 1.394 Angstrom
}

TEST(PlaneAxes, EnergiesAndWaveNumbers) {
  const auto wave = [](double ev) { return kPlanck * kC / (ev * kElectron); };
  expect_wave(third("ENER", 5, 1, "keV"), 0, wave(4500), wave(5500), 1e-6);
  expect_wave(third("WAVN", 500, 2, "/cm"), 0, 1 / 49900.0, 1 / 50100.0);
}

TEST(PlaneAxes, VelocitiesFollowTheirConvention) {
  const double rest = 1.42e9;
  const std::string card = "RESTFRQ = 1.42E9\n";
  const auto radio = [&](double v) { return kC / (rest * (1 - v / kC)); };
  const auto optical = [&](double v) { return kC / rest * (1 + v / kC); };
  const auto relativistic = [&](double v) {
    return kC / rest * std::sqrt((1 + v / kC) / (1 - v / kC));
  };
  for (const char* unit : {"km/s", "km s-1", "KM/S"}) {
    expect_wave(third("VRAD", 1000, 10, unit, card), 1, radio(1.005e6), radio(1.015e6));
    expect_wave(third("VOPT", 1000, 10, unit, card), 1, optical(1.005e6), optical(1.015e6));
    expect_wave(third("VELO", 1000, 10, unit, card), 1, relativistic(1.005e6),
                relativistic(1.015e6));
  }
  expect_wave(third("VRAD", 1e6, 1e4, "", card), 1, radio(1.005e6), radio(1.015e6));
  expect_wave(third("VRAD", 1e6, 1e4, "", "RESTWAV = 0.21\n"), 1, 0.21 / (1 - 1.005e6 / kC),
              0.21 / (1 - 1.015e6 / kC));
  // Of old: the keyword RESTFREQ, and VELREF that says radio (above 256) or optical.
  const std::string old = "RESTFREQ= 1.42E9\nVELREF  = ";
  expect_wave(third("VELO-LSR", 1e6, 1e4, "", old + "257\n"), 1, radio(1.005e6), radio(1.015e6));
}

TEST(PlaneAxes, AVelocityWithoutARestFrequencyIsNoWavelength) {
  for (const char* type : {"VRAD", "VOPT", "VELO", "ZOPT", "VOPT-F2W", "VRAD-W2F"}) {
    SCOPED_TRACE(type);
    expect_nothing(third(type, 1000, 10), Kind::kSpectral);
  }
}

TEST(PlaneAxes, NonLinearAxesAreFollowed) {
  // Linear in wavelength, with steps that equal `step` of frequency at the first plane.
  const double f = 5e11, df = 1e9;
  const auto wave = [&](double planes) { return kC / f - planes * df * kC / (f * f); };
  expect_wave(third("FREQ-W2F", 500, 1, "GHz"), 2, wave(1.5), wave(2.5));
  // Paper III, equation 5: S = CRVAL exp(step / CRVAL).
  expect_wave(third("WAVE-LOG", 500, 1, "nm"), 2, 5e-7 * std::exp(1.5 / 500),
              5e-7 * std::exp(2.5 / 500));
}

TEST(PlaneAxes, ADegenerateAxisHasItsWidthOrNone) {
  const auto iras =
      axes_of("CTYPE3  = 'LAMBDA'\nCRVAL3  = 2.5E-5\nCDELT3  = 0\nCRPIX3  = 1\n", {500, 500, 1});
  EXPECT_EQ(iras[0].kind, Kind::kSpectral);
  EXPECT_EQ(iras[0].low, std::vector<double>{2.5e-5});
  EXPECT_EQ(iras[0].high, std::vector<double>{2.5e-5});
  const auto vla = axes_of(
      "CTYPE3  = 'FREQ'\nCRVAL3  = 1.4E9\nCDELT3  = 5E7\nCRPIX3  = 1\nCTYPE4  = 'STOKES'\n"
      "CRVAL4  = 1\nCDELT4  = 1\nCRPIX4  = 1\n",
      {33, 33, 1, 1});
  ASSERT_EQ(vla.size(), 2U);
  EXPECT_NEAR(vla[0].low[0], kC / 1.425e9, 1e-12);
  EXPECT_NEAR(vla[0].high[0], kC / 1.375e9, 1e-12);
  EXPECT_EQ(vla[1].low, std::vector<double>{1});
}

TEST(PlaneAxes, StokesBeforeFrequency) {
  const auto all = axes_of(
      "CTYPE3  = 'STOKES'\nCRVAL3  = -5\nCDELT3  = -1\nCRPIX3  = 1\nCTYPE4  = 'FREQ'\n"
      "CRVAL4  = 1.4E9\nCDELT4  = 1E6\nCRPIX4  = 2\n",
      {10, 10, 4, 2});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].kind, Kind::kStokes);
  EXPECT_EQ(all[0].low, (std::vector<double>{-5, -6, -7, -8}));
  EXPECT_EQ(all[0].low, all[0].high);
  EXPECT_EQ(all[1].kind, Kind::kSpectral);
  EXPECT_EQ(all[1].ctype, "FREQ");
  EXPECT_NEAR(all[1].high[0], kC / 1.3985e9, 1e-12);
  EXPECT_TRUE(std::isnan(third("STOKES", 0.5, 1).low[0]));
}

TEST(PlaneAxes, TimesAreModifiedJulianDates) {
  const auto expect = [](const PlaneAxis& axis, double low, double high) {
    EXPECT_EQ(axis.kind, Kind::kTime) << axis.ctype;
    EXPECT_NEAR(axis.low[1], low, 1e-10);
    EXPECT_NEAR(axis.high[1], high, 1e-10);
  };
  const std::string split = "MJDREFI = 55000\nMJDREFF = 0.25\n";
  for (const char* type : {"TIME", "UTC", "TAI", "TT"})
    for (const char* unit : {"", "s", "S"})
      expect(third(type, 86400, 8640, unit, split), 55001.30, 55001.40);
  expect(third("TIME", 1, 0.1, "d", "MJDREF  = 55000.25\n"), 55001.30, 55001.40);
  expect(third("UTC", 1, 0.1, "", "TIMEUNIT= 'd'\nDATEREF = '2009-06-18T06:00:00'\n"), 55001.30,
         55001.40);
  expect(third("UTC", 0, 0.1, "", "TIMEUNIT= 'd'\nTIMEOFFS= 1\n" + split), 55001.30, 55001.40);
  expect(third("TIME", 55001.25, 0.1, "d"), 55001.30, 55001.40);
  expect(third("MJD", 55001.25, 0.1), 55001.30, 55001.40);
  expect(third("MJD", 55001.25, 0.1, "d", split), 55001.30, 55001.40);
  expect_nothing(third("TIME", 1, 1, "m"), Kind::kOther);
}

TEST(PlaneAxes, OtherAxesKeepTheirWorldValue) {
  const auto group = third("GROUP_NUMBER", 7, -2);
  EXPECT_EQ(group.kind, Kind::kOther);
  EXPECT_EQ(group.low, (std::vector<double>{6, 4, 2}));
  EXPECT_EQ(group.high, (std::vector<double>{8, 6, 4}));
  const auto bare = axes_of("", {10, 10, 2});
  EXPECT_EQ(bare[0].ctype, "");
  expect_nothing(bare[0], Kind::kOther);
}

TEST(PlaneAxes, WhatCannotBeReadIsNoError) {
  expect_nothing(third("WAVE-TAB", 1, 1, "nm"), Kind::kOther);
  expect_nothing(third("FREQ", 1, 1, "km/s"), Kind::kOther);
  expect_nothing(third("FREQ", 1, 1, "no unit"), Kind::kOther);
  expect_nothing(third("FREQ-XYZ", 1, 1), Kind::kOther);
  expect_nothing(third("FREQ", -1.4e9, 1e6), Kind::kSpectral);
  const std::vector<std::int64_t> three{1, 1, 3}, huge{1, 1, kMaxPlanes + 1};
  const auto none = plane_axes("", three);
  ASSERT_TRUE(none);
  expect_nothing(none->at(0), Kind::kOther);
  EXPECT_TRUE(plane_axes("", std::vector<std::int64_t>{10, 10})->empty());
  const auto refused = plane_axes("", huge);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(refused.error().message, HasSubstr("axis 3 has 16777217 planes"));
}

TEST(PlaneAxes, AMatrixMayTouchTheOthersAtMostALittle) {
  const std::string axis =
      "CTYPE3  = 'WAVE'\nCRVAL3  = 5E-7\nCRPIX3  = 1\nCD1_1   = -0.01\nCD2_2   = 0.01\n"
      "CD1_3   = 3\n";
  const std::vector<std::int64_t> lengths{10, 10, 3};
  const auto good = axes_of(axis + "CD3_3   = 1E-9\nCD3_1   = 1E-16\n", lengths);
  expect_wave(good[0], 1, 5.005e-7, 5.015e-7);
  expect_nothing(axes_of(axis + "CD3_3   = 1E-9\nCD3_1   = 1E-10\n", lengths)[0], Kind::kOther);
  // Of two that depend on each other, neither is known.
  const auto both = axes_of(axis +
                                "CTYPE4  = 'STOKES'\nCD3_3   = 1E-9\nCD3_4   = 1E-9\nCD4_3   = 1\n"
                                "CD4_4   = 1\n",
                            {10, 10, 3, 3});
  expect_nothing(both[0], Kind::kOther);
  expect_nothing(both[1], Kind::kOther);
  // Where CDi_j are of the celestial pair only, CDELT3 counts.
  expect_wave(axes_of(axis + "CDELT3  = 1E-9\n", lengths)[0], 1, 5.005e-7, 5.015e-7);
}

TEST(PlaneAxes, ServesSeveralThreads) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int k = 0; k < 50; ++k) {
        expect_wave(third("FREQ", 1400, 1, "MHz"), 0, kC / 1.3995e9, kC / 1.4005e9);
        test::wcs_of(test::Simple{});
      }
    });
}

TEST(Stokes, CodesAreThoseOfTheStandard) {
  EXPECT_EQ(stokes_code("I"), 1);
  EXPECT_EQ(stokes_code("v"), 4);
  EXPECT_EQ(stokes_code("RR"), -1);
  EXPECT_EQ(stokes_code("yx"), -8);
  for (const char* none : {"POLI", "POLA", "", "II"}) EXPECT_EQ(stokes_code(none), std::nullopt);
  for (int code = -9; code <= 6; ++code) {
    const auto state = stokes_state(code);
    EXPECT_EQ(state.has_value(), code >= -8 && code <= 4 && code != 0) << code;
    EXPECT_EQ(stokes_code(state.value_or("none")).value_or(code), code);
  }
}

// What plane_axes_reference.py prints: astropy's answers, beside ours. Their number.
int compare_with_astropy(const std::string& argument) {
  const auto script = recorte::test::source_tree() / "tests/unit/sky/plane_axes_reference.py";
  FILE* pipe = popen(("/usr/bin/python3 '" + script.string() + "' " + argument).c_str(), "r");
  std::string text;
  char buffer[1 << 16];
  while (const auto got = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, got);
  EXPECT_EQ(pclose(pipe), 0);
  std::istringstream in(text);
  int count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    std::istringstream first(line);
    std::string word, name, cards;
    std::size_t number = 0;
    int lines = 0;
    first >> word >> name >> number >> lines;
    std::vector<std::int64_t> lengths;
    for (std::int64_t length; first >> length;) lengths.push_back(length);
    for (int i = 0; i < lines; ++i) {
      std::getline(in, line);
      line.resize(80, ' ');
      cards += line;
    }
    SCOPED_TRACE(name);
    const auto all = plane_axes(cards, lengths);
    if (!all) throw std::runtime_error(all.error().message);
    const auto& axis = all->at(number - 2);
    EXPECT_EQ(axis.kind, Kind::kSpectral);
    for (std::size_t k = 0; k < axis.low.size(); ++k) {
      std::getline(in, line);
      double low = 0, high = 0;
      std::istringstream(line) >> low >> high;
      EXPECT_NEAR(axis.low[k] / low, 1, 1e-9) << "plane " << k;
      EXPECT_NEAR(axis.high[k] / high, 1, 1e-9) << "plane " << k;
    }
  }
  return count;
}

bool have_astropy() { return std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") == 0; }

TEST(PlaneAxes, AstropyAgreesOnEveryKind) {
  if (!have_astropy()) GTEST_SKIP() << "/usr/bin/python3 has no astropy; install python3-astropy";
  EXPECT_GE(compare_with_astropy(""), 12);
}

TEST(PlaneAxes, AstropyAgreesOnRealCubes) {
  const auto data = (recorte::test::survey_data() / "surveys").string();
  if (!std::filesystem::exists(data))
    GTEST_SKIP() << "no survey images in " << data << "; set RECORTE_TEST_DATA";
  if (!have_astropy()) GTEST_SKIP() << "/usr/bin/python3 has no astropy; install python3-astropy";
  EXPECT_GE(compare_with_astropy("'" + data + "'"), 1);
}

}  // namespace
}  // namespace recorte::sky
