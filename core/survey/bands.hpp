/// Names of bands, as headers and file names write them, brought to the names that astronomers use;
/// and the wavelengths that go with well-known ones. Wavelengths are in metres (vacuum).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recorte::survey {

struct Wavelengths {
  double min = 0, max = 0;  ///< metres, min <= max
  bool operator==(const Wavelengths&) const = default;
};

/// "398..548nm", "0.4..0.55um", "4000..5500 angstrom", "21cm", "1.2..1.6GHz", "0.5..2keV"; a single
/// value is an interval of no width.
Result<Wavelengths> parse_wavelengths(std::string_view text);

/// The band that a filter keyword means: "r.MP9601" → "r", "z DECam SDSS c0004 9260.0 1520.0" →
/// "z", "HSC-G" → "g", "F160W" → "F160W". nullopt where it names none ("clear", "_unknown_", "", a
/// number).
std::optional<std::string> band_of_filter(std::string_view filter);

/// The band that a file's name, else one of its directories, names as a word of its own:
/// "KiDS-test_g.fits" → "g", "unwise-1866p257-w1-img-m.fits" → "W1". nullopt where none or several
/// do.
std::optional<std::string> band_of_path(std::string_view path);
/// Whether a word, on its own, is the name of a band: its usual spelling.
std::optional<std::string> band_of_word(std::string_view word);

struct KnownBand {
  std::string_view wavelengths;  ///< half-power limits, as parse_wavelengths reads them
  std::string_view of;           ///< whose: "SDSS", "2MASS"
};
/// Of the best-known filter of that name; nullopt for a name without one.
std::optional<KnownBand> known_band(std::string_view band);

}  // namespace recorte::survey
