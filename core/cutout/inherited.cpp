// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/inherited.hpp"

#include "core/cutout/wcs_cards.hpp"
#include "core/fits/reserved.hpp"

#include <algorithm>
#include <array>

namespace recorte::cutout {
namespace {

constexpr std::array<std::string_view, 8> kOwn{"",       "COMMENT", "HISTORY", "EXTNAME",
                                               "EXTVER", "EXTEND",  "NEXTEND", "DATE"};

}  // namespace

fits::Header inherited(const fits::Header& header, const fits::Header& primary) {
  auto cards = header.joined();
  bool last_taken = false;
  for (const auto card : primary.cards()) {
    const auto keyword = fits::Header::keyword_of(card);
    if (keyword != "CONTINUE")
      last_taken = std::find(kOwn.begin(), kOwn.end(), keyword) == kOwn.end() &&
                   !fits::is_structural(keyword) && !is_wcs_keyword(keyword) &&
                   !header.has(keyword);
    if (last_taken) cards += card;
  }
  return fits::Header::parse(cards);
}

}  // namespace recorte::cutout
