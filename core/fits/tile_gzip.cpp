// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kMaxRatio = 1040;  // deflate packs at most 1032 bytes into one

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

}  // namespace

Result<std::vector<std::byte>> gunzip_tile(std::span<const std::uint8_t> bytes,
                                           std::int64_t limit) {
  constexpr std::int64_t kMost = std::numeric_limits<uInt>::max();
  const auto size = std::ssize(bytes);
  const auto room = std::min(limit, size * kMaxRatio);
  if (size > kMost || room >= kMost)
    return fail(ErrorCode::kTooLarge, "it is larger than the 4 GiB that are unpacked at once");
  Inflate inflate;
  if (!inflate) return fail(ErrorCode::kUnavailable, "there is no memory to unpack it");
  std::vector<std::byte> out(static_cast<std::size_t>(room) + 1);  // one to tell more from enough
  auto& stream = inflate.stream;
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = ::inflate(&stream, Z_FINISH);
  if (code == Z_MEM_ERROR) return fail(ErrorCode::kUnavailable, "there is no memory to unpack it");
  if (stream.avail_out == 0 && (code == Z_BUF_ERROR || code == Z_STREAM_END))
    return fail(ErrorCode::kData, "its gzipped data are more than its pixels");
  if (code == Z_BUF_ERROR) return fail(ErrorCode::kData, "its gzipped data end early");
  if (code != Z_STREAM_END) return fail(ErrorCode::kData, "its gzipped data are damaged");
  out.resize(out.size() - stream.avail_out);
  return out;
}

void unshuffle(int size, std::vector<std::byte>& bytes) {
  const auto width = static_cast<std::size_t>(size);
  const auto count = bytes.size() / width;
  std::vector<std::byte> out(bytes.size());
  for (std::size_t part = 0; part < width; ++part)
    for (std::size_t i = 0; i < count; ++i) out[i * width + part] = bytes[part * count + i];
  bytes = std::move(out);
}

}  // namespace recorte::fits
