// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/cutout_header.hpp"

#include "core/fits/reserved.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace recorte::fits {
namespace {

// Keywords that say that there is a WCS; with a letter after them, an alternate one.
constexpr std::array<std::string_view, 6> kWords{"CTYPE1", "CRVAL1", "CDELT1",
                                                 "CD1_1",  "PC1_1",  "WCSAXES"};

// Whether the header speaks of the WCS `letter` ("" is the primary) at all.
bool has_wcs(const Header& header, const std::string& letter) {
  return std::ranges::any_of(kWords,
                             [&](auto word) { return header.has(std::string(word) + letter); });
}

// Every WCS that may be there, by its letter.
std::set<std::string> wcs_letters(const Header& header) {
  std::set<std::string> out{""};
  for (const auto card : header.cards()) {
    if (card[0] != 'C' && card[0] != 'P' && card[0] != 'W') continue;  // as all of them begin
    const auto keyword = Header::plain_keyword_of(card);
    const bool speaks = keyword.starts_with("CRPIX") || std::ranges::any_of(kWords, [&](auto word) {
                          return keyword.starts_with(word);
                        });
    if (speaks && keyword.back() >= 'A' && keyword.back() <= 'Z')
      out.emplace(keyword.substr(keyword.size() - 1));
  }
  return out;
}

// Adds `shift` to a keyword that counts pixels. Where only its value of 0 by default stands, and it
// matters, it is written.
void move(Header& header, const std::string& keyword, std::int64_t shift, bool by_default) {
  const auto old = header.number(keyword);
  if (!old && (header.has(keyword) || !by_default)) return;
  header.set_number(keyword, old.value_or(0) + static_cast<double>(shift));
}

}  // namespace

Header carried(const Header& parent) { return without(parent, is_structural); }

void move_origin(Header& header, const sky::PixelRect& rect, std::span<const std::int64_t> planes) {
  std::vector<std::int64_t> corner{rect.x, rect.y};
  corner.insert(corner.end(), planes.begin(), planes.end());
  const auto letters = wcs_letters(header);
  for (std::size_t i = 0; i < corner.size(); ++i) {
    const auto axis = std::to_string(i + 1);
    if (i >= 2 && corner[i] == 0) continue;
    for (const auto& letter : letters)
      move(header, "CRPIX" + axis + letter, -corner[i], has_wcs(header, letter));
    if (i >= 2) continue;
    // IRAF: image = LTM * physical + LTV.
    move(header, "LTV" + axis, -corner[i], header.has("LTM" + axis + "_" + axis));
    // The scanned plates of DSS count from the plate's corner.
    move(header, "CNPIX" + axis, corner[i], false);
  }
}

Header cutout_header(const Header& parent, const sky::PixelRect& rect,
                     std::span<const std::int64_t> planes) {
  auto header = carried(parent);
  move_origin(header, rect, planes);
  return header;
}

}  // namespace recorte::fits
