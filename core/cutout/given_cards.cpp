// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/given_cards.hpp"

#include "core/base/text.hpp"
#include "core/cutout/wcs_cards.hpp"
#include "core/fits/reserved.hpp"

#include <algorithm>

namespace recorte::cutout {
namespace {

bool says_how_stored(const std::string& keyword) {
  return fits::is_structural(keyword) || fits::is_table_keyword(keyword) || keyword == "BSCALE" ||
         keyword == "BZERO" || keyword == "BLANK" || keyword == "END" || keyword == "CONTINUE";
}

}  // namespace

void put(const std::string& keyword, const std::string& value, fits::Header& header) {
  if (value.size() >= 2 && value.starts_with('\'') && value.ends_with('\'')) {
    std::string text;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
      text += value[i];
      if (value[i] == '\'' && value[i + 1] == '\'' && i + 2 < value.size()) ++i;
    }
    header.set_text(keyword, text);
  } else if (value == "T" || value == "F") {
    header.set_bool(keyword, value == "T");
  } else if (const auto integer = to_int(value)) {
    header.set_integer(keyword, *integer);
  } else if (const auto number = to_double(value)) {
    header.set_number(keyword, *number);
  } else {
    header.set_text(keyword, value);
  }
}

Status give(const Cards& cards, fits::Header& header) {
  if (std::ranges::any_of(cards, [](const auto& card) { return card.first == "CTYPE1"; }))
    header = on_another_grid(header, {});
  for (const auto& [keyword, value] : cards) {
    if (keyword.empty() || says_how_stored(keyword))
      return fail(ErrorCode::kPlugin, "the survey's plugin gives the card '" + keyword +
                                          "' to an image; only its file can say that");
    put(keyword, value, header);
  }
  return {};
}

}  // namespace recorte::cutout
