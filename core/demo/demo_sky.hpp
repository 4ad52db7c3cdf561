/// A small made-up survey for the tutorial and the tests: seven overlapping tiles in three bands
/// with what real surveys have (saturated stars, bad columns, cosmic rays, a rotated tile, a
/// distorted one, a compressed one, and a field across right ascension 0). The bytes are the same
/// every time. A file holds one tile in one band, `demo_T0001_g.fits`: an empty primary and the
/// image extensions SCI (counts, zero point 30; NaN in bad columns), MSK (flags: 1 saturated,
/// 2 bad column, 4 cosmic ray) and WGT (inverse variance; 0 where flagged).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <array>
#include <filesystem>
#include <string_view>

namespace recorte::demo {

inline constexpr std::string_view kSurvey = "demo";
inline constexpr std::array<std::string_view, 3> kBandNames{"g", "r", "i"};

/// A spiral galaxy in the middle of a tile, covered in every band, ICRS degrees. Two arcminutes
/// around it are one tile's alone; five need its neighbours too.
inline constexpr double kExampleRa = 0.055;
inline constexpr double kExampleDec = 10.005;

/// Writes the survey's files (some 35 MB, a few seconds) into `directory`, which is made where it
/// is missing; files of the same names are replaced. kUnavailable where the disk refuses.
Status make_demo_sky(const std::filesystem::path& directory);

}  // namespace recorte::demo
