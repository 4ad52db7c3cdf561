// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/plane_axes.hpp"

#include "core/base/text.hpp"
#include "core/sky/wcs_cards.hpp"
#include "core/sky/wcs_header.hpp"

#include <wcslib/spx.h>
#include <wcslib/wcsfix.h>
#include <wcslib/wcsmath.h>
#include <wcslib/wcsunits.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace recorte::sky {
namespace {

using Kind = PlaneAxis::Kind;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::pair<std::string_view, int>, 12> kStates{{{"I", 1},
                                                                    {"Q", 2},
                                                                    {"U", 3},
                                                                    {"V", 4},
                                                                    {"RR", -1},
                                                                    {"LL", -2},
                                                                    {"RL", -3},
                                                                    {"LR", -4},
                                                                    {"XX", -5},
                                                                    {"YY", -6},
                                                                    {"XY", -7},
                                                                    {"YX", -8}}};

struct OldName {
  std::string_view old;
  const char* standard;
};
/// Names from before paper III, of axes and of units, that can mean only one thing.
constexpr std::array<OldName, 4> kOldTypes{
    {{"LAMBDA", "WAVE"}, {"WAVELENGTH", "WAVE"}, {"WAVELENG", "WAVE"}, {"FREQUENCY", "FREQ"}}};
constexpr std::array<OldName, 6> kOldUnits{{{"micron", "um"},
                                            {"microns", "um"},
                                            {"ang", "Angstrom"},
                                            {"angstrom", "Angstrom"},
                                            {"angstroms", "Angstrom"},
                                            {"A", "Angstrom"}}};
/// For unitfix(): S, H and D are seconds, hours and days here, not siemens, henry and debye.
constexpr int kTimesOnly = 7;

/// Paper IV, table 2, and the names that paper III's software wrote.
constexpr std::array<std::string_view, 15> kTimes{"TIME", "UTC", "TAI", "IAT", "TT",
                                                  "TDT",  "ET",  "UT1", "UT",  "GMT",
                                                  "GPS",  "TCG", "TCB", "TDB", "MJD"};

/// One axis of a header by itself.
struct Axis {
  Axis() { wcs.flag = -1; }
  ~Axis() { wcsfree(&wcs); }
  Axis(const Axis&) = delete;
  Axis& operator=(const Axis&) = delete;

  wcsprm wcs{};
  bool constant = false;  ///< its step is 0: every plane is at the reference value
};

/// A thousandth of a plane is the most by which the other axes may move a coordinate.
constexpr double kSeparate = 1e-3;

/// Frees the axis `i` of a matrix of n x n from the others.
void isolate(double* matrix, int i, int n) {
  for (int j = 0; j < n; ++j) matrix[i * n + j] = matrix[j * n + i] = j == i ? 1 : 0;
}

/// The part of `header` about its axis `i` (from 0), not yet set up; false where the coordinate
/// depends on other axes too.
bool separate(wcsprm& header, int i, std::span<const std::int64_t> axes, Axis& axis) {
  const int n = header.naxis;
  const std::ptrdiff_t size = n;
  const std::vector<double> pc(header.pc, header.pc + size * size);
  const std::vector<double> cd(header.cd, header.cd + size * size);
  const double* row = ((header.altlin & 2) != 0 ? cd : pc).data() + i * size;
  // A row that CDi_j leaves out follows CDELTi, as in headers that only the celestial pair has it.
  const bool left_out = std::all_of(row, row + n, [](double v) { return v == 0; });
  double step = left_out ? header.cdelt[i] : row[i];
  for (int j = 0; j < n && !left_out; ++j) {
    const double length = j < std::ssize(axes) ? static_cast<double>(axes[j]) : 1;
    const double reach =
        std::max(std::abs(0.5 - header.crpix[j]), std::abs(length + 0.5 - header.crpix[j]));
    if (j != i && !(std::abs(row[j]) * reach <= kSeparate * std::abs(step))) return false;
  }
  if ((header.altlin & 2) == 0) step *= left_out ? 1 : header.cdelt[i];

  // What is left of the matrix no longer counts, for this axis.
  isolate(header.pc, i, n);
  isolate(header.cd, i, n);
  int count = 1;
  int number = i + 1;
  const int status = wcssub(1, &header, &count, &number, &axis.wcs);
  std::ranges::copy(pc, header.pc);
  std::ranges::copy(cd, header.cd);
  if (status != 0) return false;
  axis.constant = step == 0;
  axis.wcs.altlin = 1;
  axis.wcs.pc[0] = 1;
  axis.wcs.cdelt[0] = axis.constant ? 1 : step;
  return true;
}

template <std::size_t N>
void rename(char* name, const std::array<OldName, N>& names) {
  for (const auto& [old, standard] : names)
    if (equal_ignoring_case(trim(name), old)) {
      std::strcpy(name, standard);
      return;
    }
}

/// Translates what is not standard, then sets the axis up.
bool set_up(wcsprm& wcs) {
  rename(wcs.ctype[0], kOldTypes);
  rename(wcs.cunit[0], kOldUnits);
  unitfix(kTimesOnly, &wcs);
  wcsutrn(kTimesOnly, wcs.timeunit);
  spcfix(&wcs);
  return wcsset(&wcs) == 0;
}

/// The coordinates of `pixels` (FITS: the first plane is 1).
std::vector<double> worlds_of(Axis& axis, std::vector<double> pixels) {
  const std::size_t n = pixels.size();
  if (axis.constant) std::fill(pixels.begin(), pixels.end(), axis.wcs.crpix[0]);
  std::vector<double> image(n), phi(n), theta(n), world(n);
  std::vector<int> status(n);
  const int outcome = wcsp2s(&axis.wcs, static_cast<int>(n), 1, pixels.data(), image.data(),
                             phi.data(), theta.data(), world.data(), status.data());
  for (std::size_t k = 0; k < n; ++k)
    if (outcome != 0 && (outcome != WCSERR_BAD_PIX || status[k] != 0)) world[k] = kNaN;
  return world;
}

/// The edges between planes, and the first and last edge.
std::vector<double> edges_of(Axis& axis, std::int64_t length) {
  std::vector<double> pixels;
  for (std::int64_t k = 0; k <= length; ++k) pixels.push_back(static_cast<double>(k) + 0.5);
  return worlds_of(axis, std::move(pixels));
}

void put_edges(PlaneAxis& out, const std::vector<double>& edges) {
  for (std::size_t k = 0; k + 1 < edges.size(); ++k) {
    const bool good = std::isfinite(edges[k]) && std::isfinite(edges[k + 1]);
    out.low[k] = good ? std::min(edges[k], edges[k + 1]) : kNaN;
    out.high[k] = good ? std::max(edges[k], edges[k + 1]) : kNaN;
  }
}

/// Planck's constant times the speed of light, J m (SI 2019; that of WCSLIB is of 1986).
constexpr double kPlanckLight = 6.62607015e-34 * 299792458.0;

/// The vacuum wavelength in metres of a coordinate in SI units.
double wavelength(const wcsprm& wcs, const std::string& type, double value) {
  spxprm all{};
  if (!std::isfinite(value) || specx(type.c_str(), value, wcs.restfrq, wcs.restwav, &all) != 0 ||
      all.wavetype == 0)
    return kNaN;
  const double wave = type == "ENER" ? kPlanckLight / value : all.wave;
  return std::isfinite(wave) && wave > 0 ? wave : kNaN;
}

void put_spectral(PlaneAxis& out, Axis& axis) {
  out.kind = Kind::kSpectral;
  const std::string type(axis.wcs.ctype[0], 4);
  auto edges = edges_of(axis, out.length);
  for (double& edge : edges) edge = wavelength(axis.wcs, type, edge);
  put_edges(out, edges);
}

void put_stokes(PlaneAxis& out, Axis& axis) {
  out.kind = Kind::kStokes;
  std::vector<double> pixels;
  for (std::int64_t k = 1; k <= out.length; ++k) pixels.push_back(static_cast<double>(k));
  const auto codes = worlds_of(axis, std::move(pixels));
  for (std::size_t k = 0; k < codes.size(); ++k)
    if (std::abs(codes[k] - std::round(codes[k])) < 0.01)
      out.low[k] = out.high[k] = std::round(codes[k]);
}

double or_else(double value, double other) {
  return undefined(value) || !std::isfinite(value) ? other : value;
}

/// Days in a unit of time; nullopt where it is none.
std::optional<double> days(const char* unit) {
  double scale, offset, power;
  if (wcsunits(unit, "d", &scale, &offset, &power) != 0 || offset != 0 || power != 1) return {};
  return scale;
}

/// Nothing where the unit is none of time.
void put_time(PlaneAxis& out, Axis& axis) {
  auto& wcs = axis.wcs;
  const bool absolute = out.ctype == "MJD";
  const std::string fallback =
      trim(wcs.timeunit).empty() ? (absolute ? "d" : "s") : std::string(trim(wcs.timeunit));
  const auto unit = days(trim(wcs.cunit[0]).empty() ? fallback.c_str() : wcs.cunit[0]);
  const auto offset_unit = days(fallback.c_str());
  if (!unit || !offset_unit) return;
  datfix(&wcs);
  const double zero = absolute ? 0 : or_else(wcs.mjdref[0], 0) + or_else(wcs.mjdref[1], 0);
  const double offset = or_else(wcs.timeoffs, 0) * *offset_unit;
  auto edges = edges_of(axis, out.length);
  for (double& edge : edges) edge = zero + (edge * *unit + offset);
  out.kind = Kind::kTime;
  put_edges(out, edges);
}

/// Whether a velocity lacks the rest frequency that its scale needs.
bool rest_missing(const wcsprm& wcs) {
  int required = 0;
  std::string type(wcs.ctype[0]);
  type.resize(8, ' ');
  return wcs.restfrq == 0 && wcs.restwav == 0 &&
         spctyp(type.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, &required) ==
             0 &&
         required % 3 != 0;
}

void describe(wcsprm& header, int i, std::span<const std::int64_t> axes, PlaneAxis& out) {
  out.ctype = trim(header.ctype[i]);
  Axis axis;
  if (!separate(header, i, axes, axis)) return;
  if (!set_up(axis.wcs)) {
    if (rest_missing(axis.wcs)) out.kind = Kind::kSpectral;
    return;
  }
  const auto scale = out.ctype.substr(0, out.ctype.find_first_of("- "));
  switch (axis.wcs.types[0] / 1000) {
    case 3: return put_spectral(out, axis);
    case 1: return put_stokes(out, axis);
    default:
      if (std::ranges::find(kTimes, scale) == kTimes.end())
        put_edges(out, edges_of(axis, out.length));
      else
        put_time(out, axis);
  }
}

}  // namespace

Result<std::vector<PlaneAxis>> plane_axes(std::string_view cards,
                                          std::span<const std::int64_t> axes) {
  std::vector<PlaneAxis> out;
  for (std::size_t i = 2; i < axes.size(); ++i) {
    if (axes[i] > kMaxPlanes)
      return fail(ErrorCode::kTooLarge, "axis " + std::to_string(i + 1) + " has " +
                                            std::to_string(axes[i]) + " planes, more than the " +
                                            std::to_string(kMaxPlanes) +
                                            " that can be told apart: split the cube");
    const std::vector<double> unknown(static_cast<std::size_t>(std::max<std::int64_t>(axes[i], 0)),
                                      kNaN);
    out.push_back({Kind::kOther, "", axes[i], unknown, unknown});
  }
  if (out.empty()) return out;
  const std::lock_guard lock(wcslib_mutex());
  auto text = cards_for_wcslib(cards);
  Descriptions descriptions;
  if (descriptions.read(text) != 0) return out;
  auto* header = descriptions.primary();
  if (header == nullptr) return out;
  for (int i = 2; i < header->naxis && i < std::ssize(axes); ++i)
    describe(*header, i, axes, out[static_cast<std::size_t>(i - 2)]);
  return out;
}

std::optional<int> stokes_code(std::string_view state) {
  for (const auto& [name, code] : kStates)
    if (equal_ignoring_case(state, name)) return code;
  return {};
}

std::optional<std::string_view> stokes_state(int code) {
  for (const auto& [name, number] : kStates)
    if (number == code) return name;
  return {};
}

}  // namespace recorte::sky
