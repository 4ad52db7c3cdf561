/// How fast one worker cuts stamps out of a survey, on this machine, with these files.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/source.hpp"
#include "core/inspect/where.hpp"
#include "core/sky/vector.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace recorte::inspect {

struct Spot {
  const cutout::Source* image;
  sky::Position centre;
};

struct Speed {
  std::size_t stamps = 0;     ///< that were cut, each from an image of its own
  double cold = 0, warm = 0;  ///< a second: from the disk; and again, with files open and in memory
  std::vector<std::string> failed;  ///< why others were not
};
inline constexpr int kStampSide = 128;  ///< pixels

/// FITS of one band. Cold: what the system keeps of the files in memory is given up first, as far
/// as it lets one (not on a network file system).
Result<Speed> measure_speed(const Where& where, const std::string& survey,
                            const std::vector<Spot>& spots);

}  // namespace recorte::inspect
