/// SODA's POS: a shape and its numbers (SODA 1.0, 3.2.1).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/stencil.hpp"

#include <string_view>

namespace recorte::soda {

/// "CIRCLE 12.0 34.0 0.5", "RANGE 12.0 12.5 34.0 36.0", "POLYGON 12 34 14 35 14 36 12 35". kUsage
/// names what is wrong. The names of shapes are in capitals, as the values of SODA's parameters
/// are case-sensitive.
Result<sky::Stencil> parse_position(std::string_view text);

}  // namespace recorte::soda
