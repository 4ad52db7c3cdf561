/// The cards of a header that say where its pixels lie on the sky, and no others.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

#include <string_view>

namespace recorte::cutout {

/// CTYPE1, CD1_2, PV2_13, A_0_2, RADESYS and the like, of the primary WCS.
bool is_wcs_keyword(std::string_view keyword);

/// The primary WCS: axes, frame, linear part, projection parameters, SIP and TPV coefficients.
fits::Header wcs_cards(const fits::Header& header);

/// `header` with `grid`, a WCS, in the place of all that it says of where its pixels lie: primary
/// and alternate WCS, distortions, physical and plate coordinates.
fits::Header on_another_grid(const fits::Header& header, const fits::Header& grid);

}  // namespace recorte::cutout
