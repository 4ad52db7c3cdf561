/// What the columns of ObsCore (IVOA ObsCore 1.1) say, one row at a time. Each function throws
/// recorte::Error where a row cannot be served, and says why.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/draft/table.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

namespace obscore {

[[noreturn]] inline void refuse(const std::string& why) {
  throw recorte::Error(RECORTE_INVALID, why);
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return out;
}

/// "%20" as a blank.
inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                             text.data() + i + 3;
    out += escaped ? static_cast<char>(byte) : text[i];
    if (escaped) i += 2;
  }
  return out;
}

/// That it is an image in FITS.
inline void check_kind(const recorte::Row& row) {
  const auto type = lower(row.text("dataproduct_type"));
  if (row.has("dataproduct_type") && type != "image")
    refuse("its dataproduct_type is '" + type + "', not image");
  const auto format = lower(row.text("access_format"));
  if (format.find("datalink") != format.npos)
    refuse("its access_url is a DataLink document, not a file");
  if (!format.empty() && format.find("fits") == format.npos)
    refuse("its access_format is '" + format + "', not FITS");
}

/// Where the file is. Relative paths begin at the root.
inline std::string file_of(const recorte::Row& row, const std::string& root) {
  const auto url = row.text("access_url");
  if (url.empty()) refuse("it has no access_url");
  for (const std::string_view local : {"file://localhost/", "file:///", "file:/"})
    if (url.starts_with(local)) return "/" + decoded(url.substr(local.size()));
  for (const std::string_view remote : {"http://", "https://", "s3://"})
    if (url.starts_with(remote)) return std::string(url);
  if (url.find("://") != url.npos)
    refuse("its access_url '" + std::string(url) +
           "' is neither a path nor of file, http, https or s3");
  return url.starts_with('/') ? std::string(url) : root + "/" + std::string(url);
}

/// Where it lies: s_region, else a circle about s_ra and s_dec, as wide as s_fov at its widest.
inline std::string region_of(const recorte::Row& row, const recorte::Host& host) {
  std::string region(row.text("s_region"));
  const auto first = region.find_first_not_of(' ');
  const bool bare = first != region.npos &&
                    std::string_view("+-.0123456789").find(region[first]) != std::string_view::npos;
  // DALI's own form has the numbers alone.
  if (bare)
    region = (std::ranges::count(region, ' ') < 4 ? "CIRCLE ICRS " : "POLYGON ICRS ") + region;
  std::string trouble = "it has no s_region";
  if (!region.empty()) {
    try {
      recorte::Footprints::of(host, {{.id = "", .s_region = region}});
      return region;
    } catch (const recorte::Error& e) {
      trouble = e.what();
    }
  }
  const std::array centre{row.number("s_ra"), row.number("s_dec"), row.number("s_fov")};
  if (std::ranges::any_of(centre, [](double v) { return !std::isfinite(v); }))
    refuse(trouble + ", and no s_ra, s_dec and s_fov");
  char text[96];
  std::snprintf(text, sizeof text, "CIRCLE ICRS %.10f %.10f %.10f", centre[0], centre[1],
                centre[2]);
  return text;
}

/// "398-548nm": what an interval of wavelengths is called where no column names the band.
inline std::string interval_name(double em_min, double em_max) {
  struct Unit {
    double metres;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits{{{1e-9, "nm"}, {1e-6, "um"}, {1e-3, "mm"}, {1, "m"}}};
  const auto* unit = kUnits.begin();
  while (unit + 1 != kUnits.end() && em_max >= 1e4 * unit->metres) ++unit;
  char text[64];
  std::snprintf(text, sizeof text, "%.4g-%.4g%s", em_min / unit->metres, em_max / unit->metres,
                unit->name);
  return text;
}

/// Of the column that the survey's file names; else of `band` or `filter`; else its wavelengths.
inline std::string band_of(const recorte::Row& row, const std::string& column) {
  if (!column.empty() && !row.has(column))
    throw recorte::Error(RECORTE_NOT_FOUND,
                         "the table has no column '" + column + "' (obscore.band)");
  for (const auto& name : {column, std::string("band"), std::string("filter")}) {
    if (const auto text = row.text(name); !text.empty()) return std::string(text);
    if (!column.empty()) refuse("its band, in the column " + column + ", is empty");
  }
  const double em_min = row.number("em_min"), em_max = row.number("em_max");
  if (!(em_min > 0 && em_max >= em_min)) refuse("it has no band, and no em_min and em_max");
  return interval_name(em_min, em_max);
}

/// Whether everybody may see it by now: data_rights, and obs_release_date.
inline bool is_public(const recorte::Row& row) {
  const auto rights = lower(row.text("data_rights"));
  if (!rights.empty() && rights != "public") return false;
  const auto date = row.text("obs_release_date");
  if (date.empty()) return true;
  std::array<char, 32> now{};
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  std::strftime(now.data(), now.size(), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &utc));
  return date.size() >= 10 && date[4] == '-' && date < now.data();  // ISO 8601 sorts as text
}

}  // namespace obscore
