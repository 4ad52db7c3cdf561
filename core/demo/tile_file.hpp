/// The FITS file of one tile in one band, made in memory by CFITSIO.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/demo/render.hpp"
#include "core/demo/tile.hpp"

#include <string>

namespace recorte::demo {

/// "demo_T0001_g.fits".
std::string file_name(const Tile& tile, const Band& band);

/// The bytes of the file: an empty primary with the cards of the exposure, then SCI, MSK and WGT.
/// No card says when it was made. kInternal carries CFITSIO's words.
Result<std::string> tile_file(int tile, int band, const Exposure& exposure);

}  // namespace recorte::demo
