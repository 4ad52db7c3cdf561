// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/header_values.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/survey/bands.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace recorte::survey {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kJdOfMjd = 2'400'000.5;

struct Headers {
  const fits::Header &image, &primary;

  std::string text(std::string_view keyword) const {
    for (const auto* header : {&image, &primary})
      if (const auto found = header->text(keyword); found && !trim(*found).empty())
        return std::string(trim(*found));
    return "";
  }

  /// Numbers that stand as text ('53.907') or with a Fortran exponent count too.
  std::optional<double> number(std::string_view keyword) const {
    auto raw = text(keyword);
    std::replace(raw.begin(), raw.end(), 'D', 'E');
    const auto value = to_double(raw);
    return value && std::isfinite(*value) ? value : std::nullopt;
  }

  std::optional<double> time(std::string_view keyword) const {
    auto raw = text(keyword);
    if (raw.empty()) return {};
    // A bare date may have its clock beside it.
    if (keyword == "DATE-OBS" && raw.size() == 10) {
      for (const auto clock : {"TIME-OBS", "UTC-OBS", "UT"})
        if (const auto hours = text(clock); std::count(hours.begin(), hours.end(), ':') == 2)
          if (const auto both = mjd_of(raw + "T" + hours)) return both;
    }
    return mjd_of(raw);
  }
};

/// The value by the rule, or by the first of `usual` that has one.
template <class Read>
double first_of(const std::string& rule, std::initializer_list<std::string_view> usual, Read read) {
  if (!rule.empty()) return read(std::string_view(rule)).value_or(kNan);
  for (const auto keyword : usual)
    if (const auto value = read(keyword)) return *value;
  return kNan;
}

/// The LSST pipelines write the flux of magnitude 0; 0 where it is not known.
std::optional<double> magnitude_of_one(double flux_of_zero) {
  if (!(flux_of_zero > 0)) return {};
  return 2.5 * std::log10(flux_of_zero);
}

std::string band_of(const Headers& headers, const std::string& rule) {
  if (!rule.empty()) return headers.text(rule);
  std::string first;
  for (const auto keyword : {"FILTER", "BAND", "FILTNAM", "FILTNAM1", "FILTER1", "FILTER2",
                             "FILTERS", "FILT", "FILTERID", "ESO INS FILT1 NAME"}) {
    auto text = headers.text(keyword);
    if (band_of_filter(text)) return text;
    if (first.empty()) first = std::move(text);
  }
  // WISE numbers its bands.
  if (const auto number = to_int(headers.text("BAND"));
      number && *number >= 1 && *number <= 4 && headers.text("TELESCOP") == "WISE")
    return "W" + std::to_string(*number);
  for (const auto keyword : {"WAVELNTH", "WAVELEN"})
    if (const auto microns = headers.number(keyword); microns && *microns > 0.05 && *microns < 5000)
      return number_text(*microns) + "um";
  return first;
}

}  // namespace

std::optional<double> mjd_of(std::string_view text) {
  const auto raw = trim(text);
  if (raw.size() == 8 && raw.find_first_not_of("0123456789") == raw.npos) {
    const std::string digits(raw);
    return mjd_of(digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6));
  }
  if (const auto number = to_double(raw)) {
    if (*number > kJdOfMjd) return *number - kJdOfMjd;
    return *number > 0 && *number < 1e6 ? number : std::nullopt;
  }
  if (const auto parts = split(raw, '/'); parts.size() == 3 && parts[2].size() == 2)
    return mjd_of("19" + parts[2] + "-" + parts[1] + "-" + parts[0]);
  if (const auto time = mjd_from_iso(raw)) return *time;
  return {};
}

HeaderValues header_values(const fits::Header& image, const fits::Header& primary,
                           const HeaderRules& rules) {
  const Headers headers{image, primary};
  const auto number = [&](std::string_view keyword) { return headers.number(keyword); };
  const auto time = [&](std::string_view keyword) { return headers.time(keyword); };
  const auto magnitude = [&](std::string_view keyword) {
    const auto value = headers.number(keyword);
    return value && keyword == "FLUXMAG0" ? magnitude_of_one(*value) : value;
  };
  HeaderValues out;
  out.band = band_of(headers, rules.band);
  out.unit = headers.text(rules.unit.empty() ? "BUNIT" : rules.unit);
  if (!rules.version.empty()) out.version = headers.text(rules.version);
  out.exptime = first_of(rules.exptime, {"EXPTIME", "EXPOSURE", "TEXPTIME"}, number);
  if (!(out.exptime > 0)) out.exptime = kNan;
  out.zeropoint =
      first_of(rules.zeropoint,
               {"MAGZERO", "MAGZP", "PHOTZP", "MAGZPT", "ZEROPNT", "ZP", "FLUXMAG0"}, magnitude);
  out.t_min = first_of(rules.t_min,
                       {"MJD-OBS", "MJD_OBS", "OBSMJD", "MJD-BEG", "DATE-OBS", "DATE-BEG"}, time);
  out.t_max = first_of(rules.t_max, {"MJD-END", "DATE-END"}, time);
  if (std::isnan(out.t_max)) out.t_max = out.t_min + (out.exptime > 0 ? out.exptime / 86400 : 0);
  return out;
}

}  // namespace recorte::survey
