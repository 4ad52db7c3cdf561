/// What must be read or mended in FITS cards before WCSLIB sees them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/sip.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recorte::sky {

/// The SIP coefficients of a header, where A_ORDER and B_ORDER are above 1, "-SIP" or not
/// (astropy's rule).
struct SipCards {
  Sip::Polynomial a, b;
};
std::optional<SipCards> read_sip(std::string_view cards);

/// The cards as WCSLIB should see them: without SIP (see Sip), without the lookup-table distortions
/// of Paper IV, whose tables are in other HDUs, and without broken cards that would crash it.
std::string cards_for_wcslib(std::string_view cards);

}  // namespace recorte::sky
