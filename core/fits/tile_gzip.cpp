// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_gzip.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kMaxRatio = 1040;  // deflate packs at most 1032 bytes into one
constexpr std::size_t kSpare = 1 << 12;   // bytes of room beyond twice the tile that may stay

class Inflate {
 public:
  Inflate() { ok_ = inflateInit2(&stream, 32 + MAX_WBITS) == Z_OK; }
  ~Inflate() { inflateEnd(&stream); }
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  explicit operator bool() const { return ok_; }
  z_stream stream{};

 private:
  bool ok_ = false;
};

// What zlib makes of bytes that libdeflate refused, which says less of why.
Result<std::size_t> inflate_all(std::span<const std::uint8_t> bytes, std::span<std::byte> out) {
  Inflate inflate;
  if (!inflate) return fail(ErrorCode::kUnavailable, "there is no memory to unpack it");
  auto& stream = inflate.stream;
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = ::inflate(&stream, Z_FINISH);
  if (code == Z_MEM_ERROR) return fail(ErrorCode::kUnavailable, "there is no memory to unpack it");
  if (stream.avail_out == 0 && (code == Z_BUF_ERROR || code == Z_STREAM_END))
    return fail(ErrorCode::kData, "its gzipped data are more than its pixels");
  if (code == Z_BUF_ERROR) return fail(ErrorCode::kData, "its gzipped data end early");
  if (code != Z_STREAM_END) return fail(ErrorCode::kData, "its gzipped data are damaged");
  return out.size() - stream.avail_out;
}

// Zeros where libdeflate refuses.
std::size_t inflate_fast(libdeflate_decompressor* fast, std::span<const std::uint8_t> bytes,
                         std::span<std::byte> out) {
  const bool gzip = bytes.size() > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
  const auto unpack = gzip ? libdeflate_gzip_decompress : libdeflate_zlib_decompress;
  std::size_t size = 0;
  const auto done = unpack(fast, bytes.data(), bytes.size(), out.data(), out.size(), &size);
  return done == LIBDEFLATE_SUCCESS && size < out.size() ? size : 0;
}

// Bytes of one pixel, together again.
template <class Word>
void join(const std::byte* bytes, std::int64_t pixels, std::int64_t count, std::byte* out) {
  for (std::int64_t i = 0; i < count; ++i) {
    Word word = 0;
#pragma GCC unroll 8
    for (std::size_t part = 0; part < sizeof(Word); ++part)
      word = static_cast<Word>(word << 8 * (sizeof(Word) > 1)) |
             static_cast<Word>(bytes[static_cast<std::int64_t>(part) * pixels + i]);
    std::memcpy(out + i * std::int64_t{sizeof(Word)}, &word, sizeof word);
  }
}

}  // namespace

void TileGunzip::Free::operator()(libdeflate_decompressor* fast) const {
  libdeflate_free_decompressor(fast);
}

TileGunzip::TileGunzip() = default;
TileGunzip::~TileGunzip() = default;
TileGunzip::TileGunzip(TileGunzip&&) noexcept = default;
TileGunzip& TileGunzip::operator=(TileGunzip&&) noexcept = default;

Result<RawBytes> TileGunzip::operator()(std::span<const std::uint8_t> bytes, std::int64_t limit) {
  constexpr std::int64_t kMost = std::numeric_limits<uInt>::max();
  const auto size = std::ssize(bytes);
  const auto most = std::min(limit, size * kMaxRatio);
  if (size > kMost || most >= kMost)
    return fail(ErrorCode::kTooLarge, "it is larger than the 4 GiB that are unpacked at once");
  if (!fast_) fast_.reset(libdeflate_alloc_decompressor());
  if (!fast_) return fail(ErrorCode::kUnavailable, "there is no memory to unpack it");
  RawBytes out(static_cast<std::size_t>(most) + 1);  // one to tell more from enough
  auto done = inflate_fast(fast_.get(), bytes, out);
  if (done == 0) {
    const auto slow = inflate_all(bytes, out);
    if (!slow) return fail(slow.error());
    done = *slow;
  }
  out.resize(done);
  if (out.capacity() > 2 * done + kSpare) out.shrink_to_fit();
  return out;
}

void unshuffle(std::span<const std::byte> bytes, int size, std::int64_t first, std::int64_t count,
               std::byte* out) {
  const auto pixels = std::ssize(bytes) / size;
  const auto* from = bytes.data() + first;
  switch (size) {
    case 1: return join<std::uint8_t>(from, pixels, count, out);
    case 2: return join<std::uint16_t>(from, pixels, count, out);
    case 4: return join<std::uint32_t>(from, pixels, count, out);
    default: return join<std::uint64_t>(from, pixels, count, out);
  }
}

}  // namespace recorte::fits
