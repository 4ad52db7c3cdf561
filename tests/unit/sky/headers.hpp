/// FITS headers for the tests: lines of text made into cards, and the ones used again and again.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/wcs.hpp"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>

namespace recorte::sky::test {

inline std::string cards(const std::string& lines) {
  std::istringstream in(lines);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    line.resize(80, ' ');
    out += line;
  }
  return out;
}

inline Wcs wcs_of(const std::string& lines) {
  auto wcs = Wcs::parse(cards(lines));
  if (!wcs) throw std::runtime_error(wcs.error().message);
  return *wcs;
}

struct Simple {
  std::string projection = "TAN";
  double ra = 150, dec = 2;
  double crpix1 = 100.5, crpix2 = 100.5;
  double scale = 1.0 / 3600;  ///< degrees a pixel
  double rotation = 0;        ///< degrees
  std::string lon = "RA--", lat = "DEC-";
  std::string more = "";  ///< further lines
};

inline std::string lines_of(const Simple& s) {
  const double c = s.scale * std::cos(s.rotation * kDegree);
  const double n = s.scale * std::sin(s.rotation * kDegree);
  std::ostringstream out;
  out.precision(17);
  out << "CTYPE1  = '" << s.lon << "-" << s.projection << "'\n"
      << "CTYPE2  = '" << s.lat << "-" << s.projection << "'\n"
      << "CRVAL1  = " << s.ra << "\nCRVAL2  = " << s.dec << "\nCRPIX1  = " << s.crpix1
      << "\nCRPIX2  = " << s.crpix2 << "\nCD1_1   = " << -c << "\nCD1_2   = " << n
      << "\nCD2_1   = " << n << "\nCD2_2   = " << c << "\n"
      << s.more;
  return out.str();
}

inline Wcs wcs_of(const Simple& simple) { return wcs_of(lines_of(simple)); }

/// Optical distortions of a few pixels at the corners of a 200-pixel image.
inline const std::string kSip =
    "A_ORDER = 3\nB_ORDER = 3\nA_2_0   = 2.1E-5\nA_1_1   = -1.3E-5\nA_0_3   = 1.1E-7\n"
    "B_0_2   = -1.7E-5\nB_2_1   = 9.0E-8\nB_1_1   = 0.8E-5\n";
/// In degrees; an image of about a degree sees an effect of about a percent.
inline const std::string kTpv =
    "PV1_0   = 1.0E-4\nPV1_1   = 1.003\nPV1_2   = -2.0E-4\nPV1_4   = 3.0E-3\nPV1_7   = 8.0E-3\n"
    "PV1_9   = 6.0E-3\nPV2_0   = -2.0E-4\nPV2_1   = 0.998\nPV2_2   = 1.0E-4\nPV2_5   = 2.0E-3\n"
    "PV2_7   = 7.0E-3\nPV2_9   = 5.0E-3\n";

}  // namespace recorte::sky::test
