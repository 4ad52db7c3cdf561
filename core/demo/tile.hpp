/// The layout of the made-up survey: bands, tiles and their headers' world coordinates.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/demo/demo_sky.hpp"
#include "core/sky/vector.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::demo {

inline constexpr int kSide = 600;  ///< pixels, both ways
inline constexpr std::size_t kPixels = std::size_t{kSide} * kSide;
inline constexpr double kPixelSize = 0.5;     ///< arcsec
inline constexpr double kZeroPoint = 30;      ///< AB magnitude of one count
inline constexpr double kSaturation = 60000;  ///< counts
inline constexpr double kGain = 4;            ///< electrons a count

struct Band {
  std::string_view name;
  std::string_view filter;  ///< the FILTER card: name, camera, centre and width in Ångström
  double fwhm;              ///< of a star, arcsec
  double sky_sigma;         ///< noise of an empty pixel, counts
};

inline constexpr std::array<Band, 3> kBands{{{kBandNames[0], "g DemoCam 4800.0 1500.0", 1.18, 7},
                                             {kBandNames[1], "r DemoCam 6400.0 1500.0", 1.10, 9},
                                             {kBandNames[2], "i DemoCam 7800.0 1500.0", 1.04, 12}}};

enum class Storage {
  kPlain,   ///< nothing compressed
  kPlanes,  ///< SCI plain, MSK and WGT tile-compressed without loss
  kAll,     ///< SCI quantised and Rice-compressed as well
};

struct Tile {
  std::string_view name;
  sky::Position centre;   ///< ICRS, degrees
  double rotation = 0;    ///< degrees
  double distortion = 0;  ///< cubic and radial, per square degree; TPV where not 0, else TAN
  Storage storage = Storage::kPlanes;
};

inline constexpr std::array<Tile, 7> kTiles{{
    {"T0001", {359.980, 10.0000}},
    {"T0002", {0.058, 10.0000}, 0, 0, Storage::kPlain},
    {"T0003", {0.136, 10.0000}},
    {"T0004", {359.980, 10.0775}},
    {"T0005", {0.058, 10.0775}, 0, 0, Storage::kAll},
    {"T0006", {0.136, 10.0775}, 0, 8},
    {"T0007", {0.2065, 10.03875}, 23},
}};

/// FITS cards of 80 characters.
std::string text_card(std::string_view keyword, std::string_view value);
std::string number_card(std::string_view keyword, double value);
std::string integer_card(std::string_view keyword, int value);

/// The cards of a tile's world coordinates (FITS papers I and II; TPV as in the registry of
/// conventions). All planes of the tile have them.
std::vector<std::string> wcs_cards(const Tile& tile);

}  // namespace recorte::demo
