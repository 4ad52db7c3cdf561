// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/frame.hpp"

#include "core/base/text.hpp"

#include <erfa.h>
#include <erfam.h>

#include <cmath>
#include <string>

namespace recorte::sky {
namespace {

using Matrix = std::array<Vector, 3>;
using Rotation = double[3][3];

constexpr double kArcsecond = kDegree / 3600;

Matrix to_matrix(const Rotation& r) {
  return {Vector{r[0][0], r[0][1], r[0][2]}, Vector{r[1][0], r[1][1], r[1][2]},
          Vector{r[2][0], r[2][1], r[2][2]}};
}

Matrix transposed(const Matrix& m) {
  return {Vector{m[0][0], m[1][0], m[2][0]}, Vector{m[0][1], m[1][1], m[2][1]},
          Vector{m[0][2], m[1][2], m[2][2]}};
}

Vector rotated(const Matrix& m, const Vector& v) {
  return {dot(m[0], v), dot(m[1], v), dot(m[2], v)};
}

Matrix product(const Matrix& a, const Matrix& b) {
  const Matrix columns = transposed(b);
  return {rotated(columns, a[0]), rotated(columns, a[1]), rotated(columns, a[2])};
}

/// Murray's matrix is a rotation only to 1e-9, so transposing would not do.
Matrix inverse(const Matrix& m) {
  Matrix columns{cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])};
  const double determinant = dot(m[0], columns[0]);
  for (auto& column : columns)
    for (double& value : column) value /= determinant;
  return transposed(columns);
}

Matrix precession(double zeta, double z, double theta) {
  Rotation r;
  eraIr(r);
  eraRz(-zeta, r);
  eraRy(theta, r);
  eraRz(-z, r);
  return to_matrix(r);
}

/// The small rotation between the FK5 and Hipparcos frames (Mignard & Froeschlé 2000).
Matrix fk5_to_icrs() {
  Rotation r;
  double spin[3];
  eraFk5hip(r, spin);
  return to_matrix(r);
}

/// IAU 1976 (Lieske 1979), mean equinox `year` (Julian) to J2000.
Matrix precession_to_j2000(double year) {
  double day0, day, zeta, z, theta;
  eraEpj2jd(year, &day0, &day);
  eraPrec76(day0, day, ERFA_DJ00, 0, &zeta, &z, &theta);
  return precession(zeta, z, theta);
}

/// Newcomb, mean equinox `year` (Besselian) to B1950 (Explanatory Supplement 1992, 3.214).
Matrix precession_to_b1950(double year) {
  const double t = (year - 1850) / 1000;
  const double d = (1950 - year) / 1000;
  const double linear = 23035.545 + (139.720 + 0.060 * t) * t;
  const double zeta = (linear + (30.240 - 0.27 * t + 17.995 * d) * d) * d;
  const double z = (linear + (109.480 + 0.39 * t + 18.325 * d) * d) * d;
  const double theta = (20051.12 - (85.29 + 0.37 * t) * t - (42.65 + 0.37 * t + 41.8 * d) * d) * d;
  return precession(zeta * kArcsecond, z * kArcsecond, theta * kArcsecond);
}

/// FK4 without E-terms, equinox B1950 and epoch `year` (Julian), to FK5 J2000: Murray 1989,
/// A&A 218, 325, equations 28 and 29 (the FK4 equinox drifts, so the epoch counts).
Matrix murray(double year) {
  const double t = (year - 1950) / 100 * 1e-6;
  return {Vector{0.9999256794956877 - 0.0026455262 * t, -0.0111814832204662 - 1.1539918689 * t,
                 -0.0048590038153592 + 2.1111346190 * t},
          Vector{0.0111814832391717 + 1.1540628161 * t, 0.9999374848933135 - 0.0129042997 * t,
                 -0.0000271625947142 + 0.0236021478 * t},
          Vector{0.0048590037723143 - 2.1112979048 * t, -0.0000271702937440 - 0.0056024448 * t,
                 0.9999881946023742 + 0.0102587734 * t}};
}

/// The elliptic terms of aberration at a Besselian year (Explanatory Supplement 1992, 3.533).
Vector e_terms(double day0, double day) {
  constexpr double kB1950 = 2433282.42345905;
  const double t = (day0 - kB1950 + day) / ERFA_DJC;
  const double aberration = 0.0056932 * kDegree;
  const double eccentricity = 0.01673011 - (0.00004193 + 0.000000126 * t) * t;
  const double perigee = (1015489.951 + (6190.67 + (1.65 + 0.012 * t) * t) * t) * kArcsecond;
  const double obliquity = eraObl80(day0, day);
  const double k = eccentricity * aberration;
  return {k * std::sin(perigee), -k * std::cos(perigee) * std::cos(obliquity),
          -k * std::cos(perigee) * std::sin(obliquity)};
}

/// FK5 J2000 to galactic: the pole and origin of IAU 1958 (B1950: 192.25°, 27.4°, 123°) carried to
/// J2000 by Murray's matrix.
Matrix fk5_to_galactic() {
  Rotation r;
  eraIr(r);
  eraRz(192.8594812065348 * kDegree, r);
  eraRy((90 - 27.12825118085622) * kDegree, r);
  eraRz((180 - 122.9319185680026) * kDegree, r);
  return to_matrix(r);
}

/// Mean ecliptic and equinox J2000 as they lie in ICRS: IAU 2006, frame bias included.
Matrix ecliptic_to_icrs() {
  Rotation r;
  eraEcm06(ERFA_DJ00, 0, r);
  return transposed(to_matrix(r));
}

/// Mean ecliptic to mean equator of one date; IAU 1980 obliquity, as FK5 and (to 0.02") FK4 have
/// it.
Matrix ecliptic_to_equator(double day0, double day) {
  const double obliquity = eraObl80(day0, day);
  const double c = std::cos(obliquity);
  const double s = std::sin(obliquity);
  return {Vector{1, 0, 0}, Vector{0, c, -s}, Vector{0, s, c}};
}

template <class Rotate>
void each(std::span<double> lonlat, Rotate rotate) {
  for (std::size_t i = 0; i + 1 < lonlat.size(); i += 2) {
    const Position there = to_position(rotate(to_vector({lonlat[i], lonlat[i + 1]})));
    lonlat[i] = there.ra;
    lonlat[i + 1] = there.dec;
  }
}

}  // namespace

Result<Frame> Frame::make(std::string_view longitude, std::string_view radesys,
                          std::optional<double> equinox) {
  Frame frame;
  const auto rotate = [&frame](const Matrix& matrix) {
    frame.identity_ = false;
    frame.to_icrs_ = matrix;
    frame.from_icrs_ = inverse(matrix);
    return frame;
  };
  if (longitude == "GLON") return rotate(product(fk5_to_icrs(), transposed(fk5_to_galactic())));
  const bool ecliptic = longitude == "ELON";
  if (!ecliptic && longitude != "RA")
    return fail(ErrorCode::kData, "the image's celestial axis '" + std::string(longitude) +
                                      "' is in no frame that Recorte knows; it needs RA and DEC, "
                                      "GLON and GLAT or ELON and ELAT");
  const std::string system = upper(trim(radesys));
  const bool defaulted = system != "ICRS" && !system.starts_with("FK");
  double day0, day;
  if (system.starts_with("FK4") || (defaulted && equinox && *equinox < 1984)) {
    const double year = equinox.value_or(1950);
    eraEpb2jd(year, &day0, &day);
    if (system != "FK4-NO-E") frame.e_terms_ = e_terms(day0, day);
    const Matrix equator =
        product(fk5_to_icrs(), product(murray(eraEpj(day0, day)), precession_to_b1950(year)));
    if (!ecliptic) return rotate(equator);
    const Matrix tilt = ecliptic_to_equator(day0, day);
    if (frame.e_terms_) frame.e_terms_ = rotated(transposed(tilt), *frame.e_terms_);
    return rotate(product(equator, tilt));
  }
  if (system.starts_with("FK5") || (defaulted && equinox)) {
    const double year = equinox.value_or(2000);
    eraEpj2jd(year, &day0, &day);
    const Matrix equator = product(fk5_to_icrs(), precession_to_j2000(year));
    return rotate(ecliptic ? product(equator, ecliptic_to_equator(day0, day)) : equator);
  }
  return ecliptic ? rotate(ecliptic_to_icrs()) : frame;  // ICRS has no equinox
}

void Frame::to_icrs(std::span<double> lonlat) const {
  if (identity_) return;
  each(lonlat, [&](Vector v) {
    if (e_terms_) {
      const double along = dot(*e_terms_, v);
      for (int i = 0; i < 3; ++i) v[i] += along * v[i] - (*e_terms_)[i];
    }
    return rotated(to_icrs_, v);
  });
}

void Frame::from_icrs(std::span<double> lonlat) const {
  if (identity_) return;
  each(lonlat, [&](Vector v) {
    v = rotated(from_icrs_, v);
    if (e_terms_) {
      // The aberrated direction v satisfies v (1 + e·v) = start + e: a contraction of factor 1e-6.
      const Vector start = normalised(v);
      v = start;
      for (int turn = 0; turn < 4; ++turn) {
        const double along = 1 + dot(*e_terms_, v);
        for (int i = 0; i < 3; ++i) v[i] = (start[i] + (*e_terms_)[i]) / along;
      }
    }
    return v;
  });
}

}  // namespace recorte::sky
