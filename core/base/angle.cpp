// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/angle.hpp"

#include "core/base/text.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace recorte {
namespace {

struct UnitRow {
  std::string_view name;
  double degrees;  // 0: pixels
};
constexpr std::array kUnits{
    UnitRow{"deg", 1.0}, UnitRow{"arcmin", 1.0 / 60}, UnitRow{"arcsec", 1.0 / 3600},
    UnitRow{"px", 0},    UnitRow{"degree", 1.0},      UnitRow{"degrees", 1.0},
    UnitRow{"°", 1.0},   UnitRow{"'", 1.0 / 60},      UnitRow{"\"", 1.0 / 3600},
    UnitRow{"pix", 0},   UnitRow{"pixel", 0},         UnitRow{"pixels", 0}};

/// Three sexagesimal fields split at any of `marks` or blanks: sign × (a + b/60 + c/3600).
std::optional<double> sexagesimal(std::string_view text, std::string_view marks) {
  std::string spaced(trim(text));
  const bool negative = !spaced.empty() && spaced[0] == '-';
  if (!spaced.empty() && (spaced[0] == '-' || spaced[0] == '+')) spaced.erase(0, 1);
  for (char& c : spaced)
    if (marks.find(c) != marks.npos) c = ' ';
  const auto fields = split_blanks(spaced);
  if (fields.size() < 2 || fields.size() > 3) return {};
  double value = 0;
  double scale = 1;
  for (std::size_t i = 0; i < fields.size(); ++i, scale /= 60) {
    const auto field = to_double(fields[i]);
    if (!field || !(*field >= 0) || (i > 0 && *field >= 60)) return {};
    if (i + 1 < fields.size() && *field != std::floor(*field)) return {};
    value += *field * scale;
  }
  return negative ? -value : value;
}

}  // namespace

Result<Extent> parse_extent(std::string_view text) {
  const auto all = trim(text);
  const auto begin = all.find_first_of("dDaApP\"'\xC2 ");
  const auto number = to_double(all.substr(0, begin));
  const std::string quoted = "'" + std::string(text) + "'";
  const auto unit = begin == all.npos ? std::string_view{} : trim(all.substr(begin));
  if (!number)
    return fail(ErrorCode::kUsage,
                quoted + " is not a size; write a number and a unit, such as 1arcmin");
  if (unit.empty())
    return fail(ErrorCode::kUsage, "the size " + quoted + " has no unit; write " +
                                       std::string(all) + "arcsec, " + std::string(all) +
                                       "arcmin, " + std::string(all) + "deg or " +
                                       std::string(all) + "px");
  for (const auto& row : kUnits) {
    if (!equal_ignoring_case(row.name, unit)) continue;
    const auto extent = row.degrees == 0 ? Extent{*number, Extent::Unit::kPixel}
                                         : Extent{*number * row.degrees, Extent::Unit::kDegree};
    if (!std::isfinite(extent.value) || extent.value <= 0)
      return fail(ErrorCode::kUsage, "the size " + quoted + " must be a finite number above zero");
    return extent;
  }
  return fail(ErrorCode::kUsage,
              "unknown unit in the size " + quoted + "; use deg, arcmin, arcsec or px");
}

std::string extent_text(const Extent& extent) {
  return number_text(extent.value) + (extent.unit == Extent::Unit::kPixel ? "px" : "deg");
}

Result<double> parse_ra(std::string_view text) {
  auto value = to_double(text);
  if (!value)
    if (auto hours = sexagesimal(text, ":hms")) value = *hours * 15;
  if (!value)
    return fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is not a right ascension; write degrees (150.1) or "
                                       "hours (10:00:24)");
  if (!(*value >= 0 && *value <= 360))
    return fail(ErrorCode::kUsage,
                "the right ascension " + std::string(trim(text)) + " is outside [0, 360] degrees");
  return *value;
}

Result<double> parse_dec(std::string_view text) {
  auto value = to_double(text);
  if (!value) value = sexagesimal(text, ":dms");
  if (!value)
    return fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is not a declination; write degrees (2.2) or "
                                       "sexagesimal (+02:12:00)");
  if (!(*value >= -90 && *value <= 90))
    return fail(ErrorCode::kUsage,
                "the declination " + std::string(trim(text)) + " is outside [-90, 90] degrees");
  return *value;
}

}  // namespace recorte
