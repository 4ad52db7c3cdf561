// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/file.hpp"

#include "core/base/text.hpp"
#include "core/fits/layout.hpp"
#include "core/fits/legal.hpp"
#include "core/fits/pixels.hpp"
#include "core/fits/reserved.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

namespace recorte::fits {
namespace {

constexpr std::int64_t kCacheLine = 64;
constexpr std::int64_t kAhead = 8;              // rows
constexpr std::int64_t kStripBytes = 1 << 22;   // of stored pixels held at once
constexpr std::int64_t kMappedPiece = 1 << 16;  // longer ones are read by descriptor
constexpr std::int64_t kBytesAPiece = 1 << 14;  // of a file: so many pieces, and it is read often

bool usable(const Hdu& hdu) { return hdu.is_image && hdu.axes.size() >= 2; }

// The plane's place on the axes after the second, which count from 0.
std::vector<std::int64_t> plane_corner(const Hdu& hdu, std::int64_t plane) {
  std::vector<std::int64_t> corner(hdu.axes.size(), 0);
  for (std::size_t i = 2; i < corner.size(); ++i) {
    corner[i] = plane % hdu.axes[i];
    plane /= hdu.axes[i];
  }
  return corner;
}

// BLANK, where it is a value that the pixels can have. It must be an integer; "-32768.0" is found
// in the wild and can mean only one thing.
std::optional<std::int64_t> blank_of(const Header& header, int bitpix) {
  const auto blank = header.number("BLANK");
  if (bitpix < 0 || !blank || std::trunc(*blank) != *blank) return {};
  const double half = std::ldexp(1.0, bitpix - 1);
  const bool fits =
      bitpix == 8 ? *blank >= 0 && *blank < 2 * half : *blank >= -half && *blank < half;
  if (!fits) return {};
  if (const auto exact = header.integer("BLANK")) return exact;
  return static_cast<std::int64_t>(*blank);
}

// A row of asinh magnitudes, as stored, to fluxes of `bitpix`; through `values`, as long as a row.
void linear(int stored, const std::byte* from, const AsinhScale& how, int bitpix, std::byte* to,
            std::vector<double>& values) {
  const auto count = std::ssize(values);
  scale(stored, from, {how.bscale, how.bzero, how.blank}, -64, values.data(), count);
  undo_asinh(how, values.data(), count);
  scale(-64, values.data(), {}, bitpix, to, count);
}

}  // namespace

struct File::Impl {
  std::string path;
  Source source;
  std::vector<HduPlace> places;
  std::vector<Hdu> hdus;
  OpenOptions options;
  FileStamp stamp;                  // when it was opened; none of one that was unpacked
  std::int64_t pieces = 0;          // of plain pixels, read so far
  std::map<int, TileReader> tiles;  // of the compressed images that were read

  Error named(Error error) const {
    error.message = path + ": " + error.message;
    return error;
  }
  Error named(Error error, const Hdu& hdu) const {
    error.message = hdu_text(hdu) + ": " + error.message;
    return named(std::move(error));
  }

  // `rows` rows of `rect` from its row `row` on, as stored, `row_bytes` from row to row.
  Status stored(const Hdu& hdu, std::int64_t plane, const sky::PixelRect& rect, std::int64_t row,
                std::int64_t rows, std::byte* out, std::int64_t row_bytes);
  Result<TileReader*> reader(const Hdu& hdu);
  // `count` pieces of `size` samples, `stride` bytes apart in the file from `at` on.
  Status plain(int bitpix, std::int64_t at, std::int64_t stride, std::int64_t size,
               std::int64_t count, std::byte* out, std::int64_t row_bytes);
};

Result<TileReader*> File::Impl::reader(const Hdu& hdu) {
  if (const auto known = tiles.find(hdu.number); known != tiles.end()) return &known->second;
  auto table = tile_table(source, places[static_cast<std::size_t>(hdu.number)]);
  if (!table) return fail(std::move(table).error());
  std::shared_ptr<const SeekFile> seek;
  if (!options.seek_directory.empty() && table->code == TileTable::Code::kRice && stamp.size >= 0)
    seek = SeekFile::open(options.seek_directory, {stamp, hdu.number, *table});
  SeekPoints points(options.seek_points, std::move(seek));
  return &tiles.emplace(hdu.number, TileReader(std::move(*table), options, std::move(points)))
              .first->second;
}

Status File::Impl::plain(int bitpix, std::int64_t at, std::int64_t stride, std::int64_t size,
                         std::int64_t count, std::byte* out, std::int64_t row_bytes) {
  const auto bytes = size * bytes_of(bitpix);
  pieces += count;
  // A piece of a row takes 0.7 us by descriptor and 0.2 out of the mapping, but for some us when
  // its neighbourhood is looked at first: a file is so read only once it has been asked for a lot.
  const bool often = pieces >= source.size() / kBytesAPiece;
  if (const auto* mapped = source.mapped(); mapped && often && bytes <= kMappedPiece) {
    const MappedFile::Glance glance(*mapped);
    const auto* from = mapped->bytes().data() + at;
    for (std::int64_t i = 0; i < count; ++i) {
      // Rows lie far apart, each on pages of its own: first its place is looked up, then its lines
      // are fetched, while rows before it are turned round.
      if (i + kAhead < count) __builtin_prefetch(from + (i + kAhead) * stride);
      for (std::int64_t line = 0; line < bytes && i + 2 < count; line += kCacheLine)
        __builtin_prefetch(from + (i + 2) * stride + line);
      swap_bytes(bitpix, from + i * stride, out + i * row_bytes, size);
    }
    return source.still_holds(at + (count - 1) * stride + bytes);
  }
  if (source.remote()) {
    std::vector<Extent> rows;
    for (std::int64_t i = 0; i < count; ++i) rows.push_back({at + i * stride, bytes});
    source.expect(rows);
  }
  for (std::int64_t i = 0; i < count; ++i, out += row_bytes) {
    RECORTE_TRY(source.read(at + i * stride, out, bytes));
    swap_bytes(bitpix, out, out, size);
  }
  return {};
}

Status File::Impl::stored(const Hdu& hdu, std::int64_t plane, const sky::PixelRect& rect,
                          std::int64_t row, std::int64_t rows, std::byte* out,
                          std::int64_t row_bytes) {
  const auto y = rect.y + row;
  if (hdu.compressed) {
    auto reader = this->reader(hdu);
    if (!reader) return fail(std::move(reader).error());
    auto corner = plane_corner(hdu, plane);
    corner[0] = rect.x;
    corner[1] = y;
    return (*reader)->read(source, corner, rect.width, rows, out, row_bytes);
  }
  const auto size = bytes_of(hdu.bitpix);
  const auto at = places[static_cast<std::size_t>(hdu.number)].data_begin +
                  ((plane * hdu.axes[1] + y) * hdu.axes[0] + rect.x) * size;
  // Whole rows lie end to end in the file.
  if (rect.width == hdu.axes[0] && row_bytes == rect.width * size)
    return plain(hdu.bitpix, at, 0, rect.width * rows, 1, out, 0);
  return plain(hdu.bitpix, at, hdu.axes[0] * size, rect.width, rows, out, row_bytes);
}

File::File(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

const std::string& File::path() const { return impl_->path; }
const std::vector<Hdu>& File::hdus() const { return impl_->hdus; }
std::int64_t File::unpacked() const { return impl_->source.unpacked() ? impl_->source.size() : 0; }

std::int64_t File::held() const {
  std::int64_t out = 0;
  for (const auto& [hdu, tiles] : impl_->tiles) out += tiles.held_bytes();
  return out;
}

TileCounts File::tile_counts() const {
  TileCounts out;
  for (const auto& [hdu, reader] : impl_->tiles) {
    out.hits += reader.counts().hits;
    out.misses += reader.counts().misses;
  }
  return out;
}

Result<File> File::open(const std::string& path, const OpenOptions& options) {
  return of(Source::open(path, options.map), path, options);
}

Result<File> File::open(std::unique_ptr<RemoteFile> file, const std::string& name,
                        const OpenOptions& options) {
  return of(Source::open(std::move(file), name), name, options);
}

Result<File> File::of(Result<Source> source, const std::string& path, const OpenOptions& options) {
  if (!source) return fail(std::move(source).error());
  auto places = hdu_places(*source);
  if (!places)
    return fail(places.error().code, path + " is not a good FITS file: " + places.error().message);
  std::vector<Hdu> hdus;
  for (const auto& place : *places) hdus.push_back(place.hdu);
  const auto stamp = source->unpacked() ? FileStamp{} : source->stamp().value_or(FileStamp{});
  return File(std::make_unique<Impl>(
      Impl{path, std::move(*source), std::move(*places), std::move(hdus), options, stamp, 0, {}}));
}

Result<Header> File::header(int hdu) const {
  if (hdu < 0 || hdu >= std::ssize(impl_->places))
    return fail(ErrorCode::kUsage, impl_->path + " has no HDU " + std::to_string(hdu) +
                                       ": it has " + std::to_string(impl_->places.size()) +
                                       ", counted from 0");
  const auto& place = impl_->places[static_cast<std::size_t>(hdu)];
  auto header = read_header(impl_->source, place);
  if (!header) return fail(impl_->named(std::move(header).error(), place.hdu));
  return legal(place.hdu.compressed ? uncompressed_header(*header) : *header);
}

Result<ImageInfo> File::image(int hdu) const {
  const auto& hdus = impl_->hdus;
  if (hdu == -1) {
    const auto first = std::ranges::find_if(hdus, usable);
    if (first == hdus.end())
      return fail(ErrorCode::kUsage,
                  impl_->path + " holds no image of two or more axes in any HDU");
    hdu = first->number;
  }
  auto header = this->header(hdu);
  if (!header) return fail(std::move(header).error());
  ImageInfo image;
  image.hdu = hdus[static_cast<std::size_t>(hdu)];
  if (!usable(image.hdu))
    return fail(ErrorCode::kUsage, impl_->path + ": " + hdu_text(image.hdu) +
                                       " holds no image of two or more axes: name another HDU");
  image.header = std::move(*header);
  image.header.erase("CHECKSUM");
  image.header.erase("DATASUM");
  image.width = image.hdu.axes[0];
  image.height = image.hdu.axes[1];
  for (std::size_t i = 2; i < image.hdu.axes.size(); ++i) image.planes *= image.hdu.axes[i];
  image.bscale = image.header.number("BSCALE").value_or(1);
  image.bzero = image.header.number("BZERO").value_or(0);
  image.blank = blank_of(image.header, image.hdu.bitpix);
  image.asinh = asinh_scale(image.header);
  if (image.asinh) {
    image.asinh->bscale = std::exchange(image.bscale, 1);
    image.asinh->bzero = std::exchange(image.bzero, 0);
    image.asinh->blank = std::exchange(image.blank, {});
    image.hdu.bitpix = image.hdu.bitpix == -64 ? -64 : -32;
    forget_asinh_scale(image.header, image.hdu.bitpix);
  }
  return image;
}

Result<int> File::find_hdu(const std::string& extname) const {
  auto name = extname;
  std::optional<std::int64_t> version;
  if (const auto comma = extname.rfind(','); comma != extname.npos) {
    version = to_int(extname.substr(comma + 1));
    if (version) name = extname.substr(0, comma);
  }
  for (const auto& hdu : impl_->hdus)
    if (!hdu.name.empty() && equal_ignoring_case(hdu.name, trim(name)) &&
        (!version || hdu.version == *version))
      return hdu.number;
  std::vector<std::string> names;
  for (const auto& hdu : impl_->hdus)
    if (!hdu.name.empty()) names.push_back(hdu.name);
  return fail(ErrorCode::kUsage, impl_->path + " has no HDU named '" + extname + "': it has " +
                                     (names.empty() ? "no named HDU" : join(names, ", ")));
}

Status File::read(const ImageInfo& image, std::int64_t plane, const sky::PixelRect& rect,
                  int bitpix, void* out, std::int64_t row_bytes) const {
  const auto& hdu = impl_->hdus[static_cast<std::size_t>(image.hdu.number)];
  const sky::PixelRect whole{0, 0, image.width, image.height};
  if (rect.empty() || intersection(rect, whole) != rect || plane < 0 || plane >= image.planes ||
      (bitpix != 0 && bitpix != -32 && bitpix != -64))
    return fail(ErrorCode::kInternal,
                impl_->path + ": " + hdu_text(hdu) + " was asked for pixels that it does not have");
  const auto stored_row = rect.width * bytes_of(hdu.bitpix);
  const bool same =
      !image.asinh &&
      (bitpix == 0 || (bitpix == hdu.bitpix && image.bscale == 1 && image.bzero == 0));
  auto* to = static_cast<std::byte*>(out);
  // Pixels that need no conversion go straight to their place.
  if (same) {
    auto got = impl_->stored(hdu, plane, rect, 0, rect.height, to, row_bytes);
    if (!got) return fail(impl_->named(std::move(got).error(), hdu));
    return {};
  }
  const auto strip = std::clamp<std::int64_t>(kStripBytes / stored_row, 1, rect.height);
  std::vector<std::byte> buffer(static_cast<std::size_t>(strip * stored_row));
  std::vector<double> fluxes(static_cast<std::size_t>(image.asinh ? rect.width : 0));
  for (std::int64_t row = 0; row < rect.height; row += strip) {
    const auto rows = std::min(strip, rect.height - row);
    auto got = impl_->stored(hdu, plane, rect, row, rows, buffer.data(), stored_row);
    if (!got) return fail(impl_->named(std::move(got).error(), hdu));
    const auto* from = buffer.data();
    for (std::int64_t i = 0; i < rows; ++i, to += row_bytes, from += stored_row) {
      if (image.asinh)
        linear(hdu.bitpix, from, *image.asinh, bitpix == 0 ? image.hdu.bitpix : bitpix, to, fluxes);
      else
        scale(hdu.bitpix, from, {image.bscale, image.bzero, image.blank}, bitpix, to, rect.width);
    }
  }
  return {};
}

}  // namespace recorte::fits
