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

}  // namespace recorte::cutout
