// SPDX-License-Identifier: BSD-3-Clause
//
// The cards of a FITS header, a line each. Values that are read are written so that they read back;
// what is mended is legal and stays as it is; a cutout's header is text.
#include "core/fits/card.hpp"
#include "core/fits/cutout_header.hpp"
#include "core/fits/legal.hpp"
#include "core/fits/reserved.hpp"
#include "fits_text.hpp"

#include <algorithm>

namespace recorte::fuzz {
namespace {

void check_values(const fits::Header& header, const std::string& keyword) {
  if (const auto text = header.text(keyword)) {
    fits::Header out;
    out.set_text(keyword, *text, "comment");
    const auto printable = fits::printable(*text);
    require(out.text(keyword) == printable, "text reads back: " + keyword + " " + *text);
  }
  if (const auto number = header.number(keyword)) {
    fits::Header out;
    out.set_number(keyword, *number);
    require(out.number(keyword) == number, "a number reads back: " + keyword);
  }
  if (const auto integer = header.integer(keyword)) {
    fits::Header out;
    out.set_integer(keyword, *integer);
    require(out.integer(keyword) == integer, "an integer reads back: " + keyword);
  }
}

/// Others are carried as they are.
bool can_be_written(const std::string& keyword) {
  return !keyword.empty() && keyword.size() <= 32 && keyword == fits::printable(keyword) &&
         keyword == fits::normal_keyword(keyword) && keyword.find_first_of("='/") == keyword.npos;
}

bool is_text(const fits::Header& header) {
  return std::ranges::all_of(header.joined(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

void attempt(std::string_view input) {
  const auto header = fits::Header::parse(cards_of(input));
  require(fits::Header::parse(header.joined()).joined() == header.joined(), "cards stay");
  for (const auto card : header.cards()) {
    const auto keyword = fits::Header::keyword_of(card);
    if (can_be_written(keyword)) check_values(header, keyword);
  }
  const auto legal = fits::legal(header);
  require(is_text(legal), "a legal header is text");
  require(legal.joined().size() % fits::kCardSize == 0, "a legal header is whole cards");
  require(fits::legal(legal).joined() == legal.joined(), "a legal header stays");
  auto cutout = fits::cutout_header(legal, {3, 5, 7, 9});
  require(is_text(cutout), "a cutout's header is text");
  (void)fits::uncompressed_header(legal);
  for (const auto card : header.cards()) cutout.erase(fits::Header::keyword_of(card));
}

}  // namespace recorte::fuzz
