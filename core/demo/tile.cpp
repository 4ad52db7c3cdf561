// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/tile.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::demo {
namespace {

std::string card(std::string_view keyword, const std::string& value) {
  std::string text(keyword);
  text.resize(8, ' ');
  text += "= " + value;
  text.resize(80, ' ');
  return text;
}

std::string right(const std::string& value) { return std::string(20 - value.size(), ' ') + value; }

}  // namespace

std::string text_card(std::string_view keyword, std::string_view value) {
  std::string quoted(value);
  quoted.resize(std::max<std::size_t>(8, quoted.size()), ' ');
  return card(keyword, "'" + quoted + "'");
}

std::string number_card(std::string_view keyword, double value) {
  std::string text = upper(number_text(value));
  if (text.find_first_of(".E") == std::string::npos) text += ".0";
  if (text.size() < 20) text = right(text);
  return card(keyword, text);
}

std::string integer_card(std::string_view keyword, int value) {
  return card(keyword, right(std::to_string(value)));
}

std::vector<std::string> wcs_cards(const Tile& tile) {
  const double scale = kPixelSize / 3600;
  const double cosine = std::cos(tile.rotation * sky::kDegree);
  const double sine = std::sin(tile.rotation * sky::kDegree);
  const bool distorted = tile.distortion != 0;
  std::vector<std::string> cards{text_card("CTYPE1", distorted ? "RA---TPV" : "RA---TAN"),
                                 text_card("CTYPE2", distorted ? "DEC--TPV" : "DEC--TAN"),
                                 text_card("CUNIT1", "deg"),
                                 text_card("CUNIT2", "deg"),
                                 number_card("CRVAL1", tile.centre.ra),
                                 number_card("CRVAL2", tile.centre.dec),
                                 number_card("CRPIX1", 0.5 * (kSide + 1)),
                                 number_card("CRPIX2", 0.5 * (kSide + 1)),
                                 number_card("CD1_1", -scale * cosine),
                                 number_card("CD1_2", scale * sine),
                                 number_card("CD2_1", scale * sine),
                                 number_card("CD2_2", scale * cosine),
                                 text_card("RADESYS", "ICRS"),
                                 number_card("EQUINOX", 2000)};
  if (distorted) {  // xi (1 + k rho^2): the terms xi, xi^3 and xi eta^2 of each axis
    for (const auto* axis : {"PV1_", "PV2_"}) {
      cards.push_back(number_card(axis + std::string("1"), 1));
      cards.push_back(number_card(axis + std::string("7"), tile.distortion));
      cards.push_back(number_card(axis + std::string("9"), tile.distortion));
    }
  }
  return cards;
}

}  // namespace recorte::demo
