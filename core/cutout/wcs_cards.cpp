// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/wcs_cards.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace recorte::cutout {
namespace {

constexpr std::array<std::string_view, 14> kWhole{
    "WCSAXES", "RADESYS", "RADECSYS", "EQUINOX", "LONPOLE", "LATPOLE", "PLTRAH",
    "PLTRAM",  "PLTRAS",  "PLTDECSN", "PLTDECD", "PLTDECM", "PLTDECS", "PLTSCALE"};
/// Followed by axis numbers: CTYPE1, CD1_2, PV2_13, A_0_2, AP_ORDER; those of TNX and of DSS
/// plates.
constexpr std::array<std::string_view, 19> kIndexed{
    "CTYPE", "CRVAL", "CRPIX", "CUNIT", "CDELT", "CROTA", "CD",   "PC",  "PV",   "PS",
    "A_",    "B_",    "AP_",   "BP_",   "WAT",   "AMDX",  "AMDY", "PPO", "CNPIX"};

/// Of an alternate WCS (CRPIX1A), or of another coordinate system than the sky (IRAF, DSS plates).
bool says_where(std::string_view keyword) {
  constexpr std::array<std::string_view, 9> kOther{"LTV",   "LTM",   "WCSDIM", "PLTRA", "PLTDEC",
                                                   "CRDER", "CSYER", "D2IM",   "AMDRE"};
  const bool table = keyword.size() > 2 &&
                     (keyword.starts_with("DP") || keyword.starts_with("DQ")) &&
                     keyword[2] >= '0' && keyword[2] <= '9';
  if (table) return true;
  if (is_wcs_keyword(keyword)) return true;
  if (!keyword.empty() && keyword.back() >= 'A' && keyword.back() <= 'Z') {
    if (is_wcs_keyword(keyword.substr(0, keyword.size() - 1))) return true;
  }
  const auto begins = [&](std::string_view stem) { return keyword.starts_with(stem); };
  return keyword == "A_DMAX" || keyword == "B_DMAX" || keyword.starts_with("WCSNAME") ||
         keyword.starts_with("CPDIS") || keyword.starts_with("CQDIS") ||
         std::any_of(kOther.begin(), kOther.end(), begins);
}

}  // namespace

bool is_wcs_keyword(std::string_view keyword) {
  if (std::find(kWhole.begin(), kWhole.end(), keyword) != kWhole.end()) return true;
  return std::any_of(kIndexed.begin(), kIndexed.end(), [&](std::string_view stem) {
    if (keyword.compare(0, stem.size(), stem) != 0) return false;
    const auto rest = keyword.substr(stem.size());
    return rest == "ORDER" ||
           (!rest.empty() && std::all_of(rest.begin(), rest.end(), [](unsigned char c) {
             return std::isdigit(c) != 0 || c == '_';
           }));
  });
}

fits::Header wcs_cards(const fits::Header& header) {
  std::string kept;
  for (const auto card : header.cards())
    if (is_wcs_keyword(fits::Header::keyword_of(card))) kept += card;
  return fits::Header::parse(kept);
}

fits::Header on_another_grid(const fits::Header& header, const fits::Header& grid) {
  std::string kept;
  bool dropped = false;  // with its CONTINUE cards
  for (const auto card : header.cards()) {
    const auto keyword = fits::Header::keyword_of(card);
    if (keyword != "CONTINUE") dropped = says_where(keyword);
    if (!dropped) kept += card;
  }
  return fits::Header::parse(grid.joined() + kept);
}

}  // namespace recorte::cutout
