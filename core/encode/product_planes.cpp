// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/product_planes.hpp"

#include "core/fits/card.hpp"
#include "core/fits/file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace recorte::encode {
namespace {

constexpr std::int64_t kMostAxes = 999;

tl::unexpected<Error> broken(const std::string& what) {
  return fail(ErrorCode::kData, "the product is no FITS file: " + what);
}

/// The size of the header that begins there, END and padding included; 0 where none ends.
std::size_t header_size(std::string_view bytes) {
  for (std::size_t at = 0; at + fits::kCardSize <= bytes.size(); at += fits::kCardSize) {
    const auto card = bytes.substr(at, fits::kCardSize);
    if (!card.starts_with("END") || card.find_first_not_of(' ', 3) != card.npos) continue;
    const std::size_t block = fits::kBlockSize;
    return (at / block + 1) * block;
  }
  return 0;
}

std::optional<std::int64_t> card_of(const fits::Header& header, const std::string& keyword,
                                    std::int64_t least, std::int64_t most) {
  const auto value = header.integer(keyword);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

}  // namespace

Result<std::vector<ProductPlane>> product_planes(std::span<const std::byte> product) {
  std::vector<ProductPlane> out;
  const std::string_view bytes(reinterpret_cast<const char*>(product.data()), product.size());
  if (!bytes.starts_with("SIMPLE  =")) return broken("it does not begin with SIMPLE");
  for (std::size_t at = 0; at < bytes.size();) {
    const auto head = header_size(bytes.substr(at));
    if (head == 0 || head > bytes.size() - at) return broken("a header does not end");
    const auto header = fits::Header::parse(bytes.substr(at, head));
    at += head;

    const auto bitpix = header.integer("BITPIX");
    constexpr std::array<std::int64_t, 6> kKnown{8, 16, 32, 64, -32, -64};
    const auto axes = card_of(header, "NAXIS", 0, kMostAxes);
    if (!bitpix || !axes || std::ranges::find(kKnown, *bitpix) == kKnown.end())
      return broken("BITPIX or NAXIS of a header is wrong");
    ProductPlane plane;
    plane.bitpix = static_cast<int>(*bitpix);
    std::int64_t size = *axes == 0 ? 0 : fits::bytes_of(plane.bitpix);
    bool flat = *axes >= 2;
    for (std::int64_t i = 1; i <= *axes; ++i) {
      const auto length = card_of(header, "NAXIS" + std::to_string(i), 0, INT64_MAX);
      if (!length || __builtin_mul_overflow(size, *length, &size))
        return broken("an axis has no length");
      if (i == 1) plane.width = *length;
      if (i == 2) plane.height = *length;
      flat = flat && (i <= 2 || *length == 1);
    }
    const auto left = static_cast<std::int64_t>(bytes.size() - at);
    if (size > left) return broken("its pixels end early");
    const auto blocks = (size + fits::kBlockSize - 1) / fits::kBlockSize * fits::kBlockSize;
    if (size > 0) {
      if (!flat)
        return fail(ErrorCode::kUnsupported,
                    "the product is a cube; HDF5 takes images of one plane");
      plane.band = header.text("RCBAND").value_or("");
      plane.meaning = header.text("RCPLANE").value_or("");
      plane.unit = header.text("BUNIT").value_or("");
      plane.absent = header.text("RCEDGE") == "absent";
      plane.bscale = header.number("BSCALE").value_or(1);
      plane.bzero = header.number("BZERO").value_or(0);
      if (plane.bitpix > 0) plane.blank = header.integer("BLANK");
      plane.pixels = product.subspan(at, static_cast<std::size_t>(size));
      out.push_back(std::move(plane));
    }
    at += static_cast<std::size_t>(std::min(blocks, left));
  }
  return out;
}

}  // namespace recorte::encode
