// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/asinh.hpp"

#include <cmath>

namespace recorte::fits {

namespace {

const double kPogson = 2.5 * std::log10(std::exp(1.0));  // magnitudes of a factor of e

}  // namespace

std::optional<AsinhScale> asinh_scale(const Header& header) {
  const auto offset = header.number("BOFFSET");
  const auto softening = header.number("BSOFTEN");
  if (!offset || !softening) return {};
  return AsinhScale{*offset, *softening, 1, 0, {}};
}

void forget_asinh_scale(Header& header, int bitpix) {
  for (const auto* keyword : {"BSCALE", "BZERO", "BLANK", "BSOFTEN", "BOFFSET"})
    header.erase(keyword);
  header.set_integer("BITPIX", bitpix);
}

void undo_asinh(const AsinhScale& scale, double* values, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    values[i] = scale.offset + 2 * scale.softening * std::sinh(values[i] / kPogson);
}

}  // namespace recorte::fits
