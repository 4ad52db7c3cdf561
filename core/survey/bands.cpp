// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/bands.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <vector>

namespace recorte::survey {
namespace {

struct Row {
  std::string_view band, wavelengths, of;
};

/// Half-power limits: Fukugita et al. 1996 (SDSS), Tonry et al. 2012 (PS1 y), Abbott et al. 2021
/// (DES Y), Bessell 1990 (UBVRI), Cohen et al. 2003 (2MASS), Jarrett et al. 2011 (WISE), Morrissey
/// et al. 2005 (GALEX).
constexpr std::array kKnown{
    Row{"u", "326..386nm", "SDSS"},    Row{"g", "414..551nm", "SDSS"},
    Row{"r", "557..695nm", "SDSS"},    Row{"i", "690..844nm", "SDSS"},
    Row{"z", "841..978nm", "SDSS"},    Row{"y", "918..1001nm", "Pan-STARRS1"},
    Row{"Y", "931..1097nm", "DES"},    Row{"U", "334..399nm", "Johnson"},
    Row{"B", "392..481nm", "Johnson"}, Row{"V", "503..587nm", "Johnson"},
    Row{"R", "562..720nm", "Cousins"}, Row{"I", "721..875nm", "Cousins"},
    Row{"J", "1154..1316nm", "2MASS"}, Row{"H", "1537..1788nm", "2MASS"},
    Row{"K", "2028..2290nm", "2MASS"}, Row{"Ks", "2028..2290nm", "2MASS"},
    Row{"W1", "3.02..3.68um", "WISE"}, Row{"W2", "4.08..5.12um", "WISE"},
    Row{"W3", "8.8..14.3um", "WISE"},  Row{"W4", "20.0..24.1um", "WISE"},
    Row{"FUV", "134..179nm", "GALEX"}, Row{"NUV", "177..283nm", "GALEX"},
};

/// Words that stand beside a band's name and do not change it.
constexpr std::array<std::string_view, 34> kCompany{
    "sdss",   "decam", "hsc",     "ocam",    "omegacam", "ps1",     "panstarrs", "gpc1", "des",
    "lsst",   "vista", "2mass",   "wise",    "ukidss",   "wfcam",   "megacam",   "cfht", "gunn",
    "harris", "kron",  "johnson", "bessell", "bessel",   "cousins", "filter",    "band", "ztf",
    "sloan",  "galex", "unwise",  "kids",    "bass",     "mzls",    "megaprime"};

constexpr std::array<std::string_view, 11> kNoBand{
    "", "unknown", "none", "n/a", "open", "empty", "blank", "null", "dark", "all", "no"};

bool alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (alphanumeric(c) || c == '\'') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_company(std::string_view word) {
  return std::find(kCompany.begin(), kCompany.end(), lower(word)) != kCompany.end();
}

const Row* known(std::string_view band) {
  const auto found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Row& row) { return row.band == band; });
  return found == kKnown.end() ? nullptr : &*found;
}

/// Metres of one unit, or, for what goes the other way (frequencies, photon energies), of its
/// inverse.
struct Unit {
  std::string_view name;
  double scale;  ///< units in a metre (exact, so that 400 nm is 4e-07); inverse: metres times units
  bool inverse = false;
};
constexpr double kLight = 299'792'458.0;
constexpr double kElectronVolt = 1.239841984332e-6;  // h c / e, CODATA 2018
constexpr std::array kUnits{
    Unit{"nm", 1e9},
    Unit{"um", 1e6},
    Unit{"µm", 1e6},
    Unit{"micron", 1e6},
    Unit{"angstrom", 1e10},
    Unit{"å", 1e10},
    Unit{"mm", 1e3},
    Unit{"cm", 1e2},
    Unit{"m", 1},
    Unit{"ghz", kLight / 1e9, true},
    Unit{"mhz", kLight / 1e6, true},
    Unit{"khz", kLight / 1e3, true},
    Unit{"hz", kLight, true},
    Unit{"ev", kElectronVolt, true},
    Unit{"kev", kElectronVolt / 1e3, true},
    Unit{"mev", kElectronVolt / 1e6, true},
    Unit{"gev", kElectronVolt / 1e9, true},
};

}  // namespace

Result<Wavelengths> parse_wavelengths(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is no interval of wavelengths; write \"398..548nm\" (nm, "
                                       "um, angstrom, mm, cm, m, GHz, MHz, keV)");
  };
  const auto whole = trim(text);
  const auto end = whole.find_last_of("0123456789.");
  if (end == whole.npos) return refuse();
  const auto name = trim(whole.substr(end + 1));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) {
    return u.name == lower(name) || (name == "Å" && u.name == "å");
  });
  const auto numbers = whole.substr(0, end + 1);
  const auto dots = numbers.find("..");
  const auto first = to_double(numbers.substr(0, dots));
  const auto second = dots == numbers.npos ? first : to_double(numbers.substr(dots + 2));
  if (unit == kUnits.end() || !first || !second || !std::isfinite(*first) ||
      !std::isfinite(*second) || *first <= 0 || *second < *first)
    return refuse();
  if (unit->inverse) return Wavelengths{unit->scale / *second, unit->scale / *first};
  return Wavelengths{*first / unit->scale, *second / unit->scale};
}

std::optional<std::string> band_of_filter(std::string_view filter) {
  const auto whole = trim(filter);
  const auto words = words_of(whole);
  if (to_double(whole) || words.empty()) return {};
  // Of two wheels, the one that is open: CLEAR1L, CLEAR2S (HST ACS).
  if (lower(words.front()).starts_with("clear")) return {};
  if (std::find(kNoBand.begin(), kNoBand.end(), lower(words.front())) != kNoBand.end()) return {};
  std::vector<std::string> telling;
  bool of_hsc = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    of_hsc |= equal_ignoring_case(words[i], "hsc");
    if (is_company(words[i]) || (i > 0 && has_digit(words[i]) && !band_of_word(words[i]))) continue;
    telling.push_back(words[i]);
  }
  if (telling.size() == 1) {
    auto band = telling.front();
    if (band.size() > 1 && band.back() == '\'') band.pop_back();
    return of_hsc && band.size() == 1 ? lower(band) : band;
  }
  // "g SomeCam 4800.0 1500.0": a band's own name first, whoever's camera it is.
  if (band_of_word(words.front())) return words.front();
  std::string plain;
  for (const char c : whole) plain += alphanumeric(c) || c == '-' || c == '+' || c == '.' ? c : '_';
  return plain;
}

std::optional<std::string> band_of_word(std::string_view word) {
  if (known(word)) return std::string(word);
  const auto high = upper(word);
  // "j" and "w1" are never anything else; "b", "v" and the like are too often just letters.
  constexpr std::array<std::string_view, 9> either{"J",  "H",  "K",   "W1", "W2",
                                                   "W3", "W4", "FUV", "NUV"};
  if (std::find(either.begin(), either.end(), high) != either.end()) return high;
  if (high == "KS") return "Ks";
  return {};
}

std::optional<std::string> band_of_path(std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.rfind('/');
    std::optional<std::string> found;
    bool several = false;
    for (const auto& word : words_of(path.substr(slash == path.npos ? 0 : slash + 1))) {
      const auto band = band_of_word(word);
      if (!band) continue;
      several |= found && *found != *band;
      found = band;
    }
    if (several) return {};
    if (found) return found;
    path = slash == path.npos ? std::string_view{} : path.substr(0, slash);
  }
  return {};
}

std::optional<KnownBand> known_band(std::string_view band) {
  const auto* row = known(band);
  if (!row) {
    const auto word = band_of_word(band);
    if (word) row = known(*word);
  }
  if (!row) return {};
  return KnownBand{row->wavelengths, row->of};
}

}  // namespace recorte::survey
