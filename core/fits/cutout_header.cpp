// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/cutout_header.hpp"

#include "core/fits/reserved.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace recorte::fits {
namespace {

// Whether the header speaks of the WCS `letter` ("" is the primary) at all.
bool has_wcs(const Header& header, const std::string& letter) {
  static constexpr std::array<const char*, 6> words{"CTYPE1", "CRVAL1", "CDELT1",
                                                    "CD1_1",  "PC1_1",  "WCSAXES"};
  return std::ranges::any_of(words, [&](const char* word) { return header.has(word + letter); });
}

// Adds `shift` to a keyword that counts pixels. Where only its value of 0 by default stands, and it
// matters, it is written.
void move_origin(Header& header, const std::string& keyword, std::int64_t shift, bool by_default) {
  const auto old = header.number(keyword);
  if (!old && (header.has(keyword) || !by_default)) return;
  header.set_number(keyword, old.value_or(0) + static_cast<double>(shift));
}

}  // namespace

Header cutout_header(const Header& parent, const sky::PixelRect& rect,
                     std::span<const std::int64_t> planes) {
  auto header = without(parent, is_structural);
  std::vector<std::int64_t> corner{rect.x, rect.y};
  corner.insert(corner.end(), planes.begin(), planes.end());
  for (std::size_t i = 0; i < corner.size(); ++i) {
    const auto axis = std::to_string(i + 1);
    if (i >= 2 && corner[i] == 0) continue;
    for (char c = 'A' - 1; c <= 'Z'; ++c) {
      const auto letter = c < 'A' ? std::string() : std::string(1, c);
      move_origin(header, "CRPIX" + axis + letter, -corner[i], has_wcs(header, letter));
    }
    if (i >= 2) continue;
    // IRAF: image = LTM * physical + LTV.
    move_origin(header, "LTV" + axis, -corner[i], header.has("LTM" + axis + "_" + axis));
    // The scanned plates of DSS count from the plate's corner.
    move_origin(header, "CNPIX" + axis, corner[i], false);
  }
  return header;
}

}  // namespace recorte::fits
