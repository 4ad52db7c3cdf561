// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/layout.hpp"

#include "core/base/text.hpp"
#include "core/fits/card.hpp"
#include "core/fits/reserved.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace recorte::fits {
namespace {

constexpr std::int64_t kMaxHeader = 8000 * kBlockSize;
constexpr std::int64_t kMaxTilePixels = std::int64_t{1} << 29;
constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();

auto broken(const Hdu& hdu, const std::string& what) {
  return fail(ErrorCode::kData, hdu_text(hdu) + " " + what);
}

// a * b, or kHuge where it overflows; both are >= 0.
std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? kHuge : out;
}

std::int64_t product(const std::vector<std::int64_t>& axes) {
  std::int64_t out = 1;
  for (const auto n : axes) out = times(out, n);
  return out;
}

std::int64_t padded(std::int64_t size) { return (size + kBlockSize - 1) / kBlockSize * kBlockSize; }

// The offset after the END card's block, or kData.
Result<std::int64_t> header_end(const Source& source, std::int64_t begin, const Hdu& hdu) {
  std::string block(kBlockSize, '\0');
  for (auto at = begin; at - begin < kMaxHeader; at += kBlockSize) {
    if (at + kBlockSize > source.size())
      return broken(hdu, "is truncated: the file ends inside its header");
    RECORTE_TRY(source.read(at, block.data(), kBlockSize));
    for (std::size_t card = 0; card < block.size(); card += kCardSize) {
      const std::string_view text(block.data() + card, kCardSize);
      if (text.starts_with("END     ") && trim(text) == "END") return at + kBlockSize;
      if (std::ranges::any_of(text.substr(0, 8), [](char c) { return c < ' ' || c > '~'; }))
        return broken(hdu, "has a broken header: card " +
                               std::to_string((at - begin) / kCardSize + card / kCardSize + 1) +
                               " is not text");
    }
  }
  return broken(hdu, "has no END card in " + std::to_string(kMaxHeader) + " bytes of header");
}

// NAXISn under `stem` "NAXIS" or "ZNAXIS".
Result<std::vector<std::int64_t>> axes_of(const Header& header, const Hdu& hdu,
                                          const std::string& stem) {
  const auto naxis = header.integer(stem);
  if (!naxis || *naxis < 0 || *naxis > 999)
    return broken(hdu, "has no good " + stem + ", which must be 0 to 999");
  std::vector<std::int64_t> axes;
  for (std::int64_t i = 1; i <= *naxis; ++i) {
    const auto keyword = stem + std::to_string(i);
    const auto length = header.integer(keyword);
    if (!length || *length < 0)
      return broken(hdu, "has no good " + keyword + ", which must be a whole number, 0 or more");
    axes.push_back(*length);
  }
  return axes;
}

Result<int> bitpix_of(const Header& header, const Hdu& hdu, const std::string& keyword) {
  const auto bitpix = header.integer(keyword).value_or(0);
  for (const int good : {8, 16, 32, 64, -32, -64})
    if (bitpix == good) return good;
  return broken(hdu, "has " + keyword + " " + header.text(keyword).value_or("missing") +
                         ", which must be 8, 16, 32, 64, -32 or -64");
}

// Bytes of data without padding (FITS 4.0, equations 1, 2 and 4).
Result<std::int64_t> data_size(const Header& header, const Hdu& hdu) {
  auto axes = axes_of(header, hdu, "NAXIS");
  if (!axes) return fail(std::move(axes).error());
  const auto bitpix = bitpix_of(header, hdu, "BITPIX");
  if (!bitpix) return fail(bitpix.error());
  if (axes->empty()) return 0;
  if (axes->front() == 0 && header.text("GROUPS") == "T") axes->front() = 1;
  const auto pcount = header.integer("PCOUNT").value_or(0);
  const auto gcount = header.integer("GCOUNT").value_or(1);
  if (pcount < 0 || gcount < 0) return broken(hdu, "has a negative PCOUNT or GCOUNT");
  const auto pixels = product(*axes);
  if (pixels > kHuge - pcount) return kHuge;
  return times(times(pixels + pcount, gcount), bytes_of(*bitpix));
}

// One tile a row of the table, none too large to be unpacked in memory.
Status check_tiles(const Header& header, const Hdu& hdu) {
  std::int64_t tiles = 1, tile_pixels = 1;
  for (std::size_t i = 0; i < hdu.axes.size(); ++i) {
    const auto keyword = "ZTILE" + std::to_string(i + 1);
    const auto length =
        header.has(keyword) ? header.integer(keyword).value_or(0) : (i == 0 ? hdu.axes[0] : 1);
    if (length <= 0) return broken(hdu, "has no good " + keyword + ", which must be 1 or more");
    tiles = times(tiles, (hdu.axes[i] - 1) / length + 1);
    tile_pixels = times(tile_pixels, length);
  }
  if (tile_pixels > kMaxTilePixels)
    return broken(hdu, "has tiles of " + std::to_string(tile_pixels) + " pixels, more than the " +
                           std::to_string(kMaxTilePixels) + " that are unpacked at once");
  if (header.integer("NAXIS2") != tiles)
    return broken(hdu, "has " + header.text("NAXIS2").value_or("no") + " compressed tiles where " +
                           std::to_string(tiles) + " cover its image");
  return {};
}

Status describe(const Header& header, Hdu& hdu) {
  const auto kind = hdu.number == 0 ? "IMAGE" : header.text("XTENSION").value_or("");
  hdu.compressed = kind == "BINTABLE" && header.text("ZIMAGE") == "T";
  hdu.is_image = hdu.compressed || kind == "IMAGE" || kind == "IUEIMAGE";
  hdu.name = header.text("EXTNAME").value_or("");
  if (hdu.compressed && hdu.name == "COMPRESSED_IMAGE") hdu.name.clear();
  hdu.version = static_cast<int>(std::clamp<std::int64_t>(header.integer("EXTVER").value_or(1), 0,
                                                          std::numeric_limits<int>::max()));
  const std::string z = hdu.compressed ? "Z" : "";
  const auto bitpix = bitpix_of(header, hdu, z + "BITPIX");
  if (!bitpix) return fail(bitpix.error());
  hdu.bitpix = *bitpix;
  auto axes = axes_of(header, hdu, z + "NAXIS");
  if (!axes) return fail(std::move(axes).error());
  hdu.axes = std::move(*axes);
  if (header.text("GROUPS") == "T" && !hdu.axes.empty() && hdu.axes.front() == 0)
    hdu.is_image = false;
  if (std::ranges::find(hdu.axes, 0) != hdu.axes.end()) hdu.axes.clear();
  if (product(hdu.axes) > kHuge / 8) return broken(hdu, "has absurd axes");
  return hdu.compressed && !hdu.axes.empty() ? check_tiles(header, hdu) : Status{};
}

}  // namespace

Result<std::vector<HduPlace>> hdu_places(const Source& source) {
  std::vector<HduPlace> places;
  for (std::int64_t at = 0; at < source.size() || places.empty();) {
    HduPlace place;
    place.hdu.number = static_cast<int>(places.size());
    place.header_begin = at;
    std::string start(8, '\0');
    const bool enough = source.size() - at >= 8;
    if (enough) RECORTE_TRY(source.read(at, start.data(), 8));
    if (places.empty() && start != "SIMPLE  ")
      return fail(ErrorCode::kData, "it does not begin with SIMPLE");
    if (!places.empty() && start != "XTENSION") break;
    const auto end = header_end(source, at, place.hdu);
    if (!end) return fail(end.error());
    place.data_begin = *end;
    const auto header = read_header(source, place);
    if (!header) return fail(header.error());
    RECORTE_TRY(describe(*header, place.hdu));
    const auto size = data_size(*header, place.hdu);
    if (!size) return fail(size.error());
    if (*size > source.size() - *end)
      return broken(place.hdu, "is truncated: its header promises " + std::to_string(*size) +
                                   " bytes of data and the file holds " +
                                   std::to_string(source.size() - *end));
    at = *end + padded(*size);
    places.push_back(std::move(place));
  }
  return places;
}

Result<Header> read_header(const Source& source, const HduPlace& place) {
  std::string cards(static_cast<std::size_t>(place.data_begin - place.header_begin), ' ');
  RECORTE_TRY(source.read(place.header_begin, cards.data(), std::ssize(cards)));
  return Header::parse(cards);
}

std::string hdu_text(const Hdu& hdu) {
  return "HDU " + std::to_string(hdu.number) + (hdu.name.empty() ? "" : " (" + hdu.name + ")");
}

}  // namespace recorte::fits
