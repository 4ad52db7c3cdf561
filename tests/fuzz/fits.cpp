// SPDX-License-Identifier: BSD-3-Clause
//
// Whole FITS files by our own readers, plain, packed, and compressed by tiles. What is read in one
// piece reads the same in parts, and by descriptor as out of a mapping.
#include "core/fits/file.hpp"
#include "fits_text.hpp"
#include "memory_file.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace recorte::fuzz {
namespace {

constexpr std::int64_t kMostPixels = 1 << 14;

/// Which of two errors, or pixels, of `rect`, as stored or scaled.
std::optional<std::string> read(const fits::File& file, const fits::ImageInfo& image,
                                std::int64_t plane, const sky::PixelRect& rect, int bitpix) {
  const auto row = rect.width * fits::bytes_of(bitpix == 0 ? image.hdu.bitpix : bitpix);
  std::string out(static_cast<std::size_t>(row * rect.height), '\x55');
  const auto got = file.read(image, plane, rect, bitpix, out.data(), row);
  if (got) return out;
  require(got.error().code == ErrorCode::kData || got.error().code == ErrorCode::kTooLarge,
          "broken pixels are the file's fault: " + got.error().message);
  return {};
}

void check_image(const fits::File& file, const fits::File& unmapped, const fits::ImageInfo& image) {
  const sky::PixelRect whole{0, 0, image.width, image.height};
  const auto plane = image.planes - 1;
  for (const int bitpix : {0, -32}) {
    const auto pixels = read(file, image, plane, whole, bitpix);
    require(read(unmapped, image, plane, whole, bitpix) == pixels, "a mapping changes nothing");
    if (!pixels) continue;
    const sky::PixelRect part{image.width / 3, image.height / 2, (image.width + 1) / 2,
                              (image.height + 1) / 2};
    const auto some = read(file, image, plane, part, bitpix);
    require(some.has_value(), "a part can be read where the whole can");
    const auto size = static_cast<std::int64_t>(pixels->size()) / whole.area();
    for (std::int64_t y = 0; y < part.height; ++y)
      require(std::memcmp(some->data() + y * part.width * size,
                          pixels->data() + ((part.y + y) * image.width + part.x) * size,
                          static_cast<std::size_t>(part.width * size)) == 0,
              "a part is the whole's");
  }
}

}  // namespace

void attempt(std::string_view input) {
  const MemoryFile bytes(fits_or_as_it_is(input));
  const auto file = fits::File::open(bytes.path());
  fits::OpenOptions options;
  options.map = false;
  const auto unmapped = fits::File::open(bytes.path(), options);
  require(file.has_value() == unmapped.has_value(), "a mapping decides nothing");
  if (!file) return;
  for (const auto& hdu : file->hdus()) {
    const auto image = file->image(hdu.number);
    if (image && image->width <= kMostPixels / image->height) check_image(*file, *unmapped, *image);
  }
}

}  // namespace recorte::fuzz
