// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/position.hpp"

#include "core/base/text.hpp"

namespace recorte::soda {

Result<sky::Stencil> parse_position(std::string_view text) {
  const auto whole = trim(text);
  const auto shape = whole.substr(0, whole.find_first_of(" \t"));
  const auto numbers = whole.substr(shape.size());
  if (shape == "CIRCLE") return sky::parse_circle(numbers);
  if (shape == "RANGE") return sky::parse_range(numbers);
  if (shape == "POLYGON") return sky::parse_polygon(numbers);
  return fail(ErrorCode::kUsage, "the POS '" + std::string(text) +
                                     "' begins with no shape; write CIRCLE RA DEC RADIUS, RANGE "
                                     "RA_MIN RA_MAX DEC_MIN DEC_MAX or POLYGON RA1 DEC1 RA2 DEC2 "
                                     "RA3 DEC3 …, in capitals and in degrees");
}

}  // namespace recorte::soda
