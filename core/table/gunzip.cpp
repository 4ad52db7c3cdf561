// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/gunzip.hpp"

#include <zlib.h>

#include <algorithm>

namespace recorte::table {
namespace {

constexpr int kGzipOnly = MAX_WBITS + 16;
constexpr std::size_t kPiece = 1 << 16;

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> gunzip(std::string_view bytes, const std::string& source, std::size_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK)
    return fail(ErrorCode::kInternal, "zlib cannot be started");
  std::string out, piece(kPiece, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.avail_in == 0) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream.avail_in = static_cast<uInt>(std::min(bytes.size(), std::size_t{1} << 30));
      bytes.remove_prefix(stream.avail_in);
    }
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, 0, piece.size() - stream.avail_out);
    if (out.size() > most) break;
    const auto left =
        std::string_view(reinterpret_cast<const char*>(stream.next_in), stream.avail_in);
    if (state == Z_STREAM_END && is_gzip(left)) state = inflateReset(&stream);
  }
  inflateEnd(&stream);
  if (out.size() > most)
    return fail(ErrorCode::kTooLarge, source + ": more than " + std::to_string(most) +
                                          " bytes unpacked; split the table");
  if (state != Z_STREAM_END)
    return fail(ErrorCode::kUsage,
                source + ": its gzip is broken or cut off; pack the table again");
  return out;
}

}  // namespace recorte::table
