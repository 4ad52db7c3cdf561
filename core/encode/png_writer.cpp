// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/png_writer.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <span>

namespace recorte::encode {
namespace {

constexpr std::int64_t kMaxSide = 0x7fffffff;  // section 11.2.1
constexpr std::size_t kBlock = 128 << 10;
constexpr std::string_view kZlib("\x78\x01", 2);  // RFC 1950, section 2.2: 32 KB window, fast

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

// 1 to 79 printable characters, no blank at an end or beside another (section 11.3.3.2).
std::string good_key(std::string_view key) {
  std::string plain(key);
  for (char& c : plain)
    if (c < ' ' || c > '~') c = '?';
  auto out = join(split_blanks(plain), " ").substr(0, 79);
  while (out.ends_with(' ')) out.pop_back();
  return out.empty() ? "Comment" : out;
}

std::string big_endian(std::uint32_t v) {
  std::string out;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(v >> shift & 0xff);
  return out;
}

}  // namespace

PngWriter::PngWriter(int fd, std::int64_t width, std::int64_t height, int channels,
                     const std::vector<std::pair<std::string, std::string>>& text)
    : fd_(fd), width_(width), height_(height), channels_(channels), deflate_(channels) {
  if (channels < 1 || channels > 4)
    status_ = fail(ErrorCode::kInternal,
                   "PNG: " + std::to_string(channels) + " channels, which must be 1 to 4");
  else if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide)
    status_ = fail(ErrorCode::kUsage, "a PNG cannot have " + std::to_string(width) + " x " +
                                          std::to_string(height) + " pixels: ask for FITS");
  if (status_) start(text);
}

void PngWriter::write(std::string_view bytes) {
  if (!status_) return;
  status_ = write_all(fd_, std::as_bytes(std::span(bytes)));
  if (status_) size_ += std::ssize(bytes);
}

void PngWriter::chunk(std::string_view type, std::string_view content) {
  auto bytes = big_endian(static_cast<std::uint32_t>(content.size())).append(type).append(content);
  bytes += big_endian(libdeflate_crc32(0, bytes.data() + 4, bytes.size() - 4));
  write(bytes);
}

void PngWriter::start(const std::vector<std::pair<std::string, std::string>>& text) {
  constexpr std::string_view kColourType("\0\4\2\6", 4);  // by channels
  auto head = big_endian(static_cast<std::uint32_t>(width_)) +
              big_endian(static_cast<std::uint32_t>(height_)) + '\x08';
  head += kColourType[static_cast<std::size_t>(channels_ - 1)];
  write("\x89PNG\r\n\x1a\n");
  chunk("IHDR", head.append(3, '\0'));
  chunk("sRGB", std::string_view("\0", 1));  // perceptual
  for (const auto& [key, value] : text) {
    const auto good = good_utf8(value);
    const bool plain = is_ascii(good);
    // iTXt: not compressed, of no language, and no translated key.
    chunk(plain ? "tEXt" : "iTXt", good_key(key).append(plain ? 1 : 5, '\0').append(good));
  }
  chunk("IDAT", kZlib);
}

// One IDAT for each block.
void PngWriter::block(bool last) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(block_.data()), block_.size());
  adler_ = libdeflate_adler32(adler_, bytes.data(), bytes.size());
  deflate_.block(bytes, last);
  block_.clear();
  chunk("IDAT", deflate_.take() + (last ? big_endian(adler_) : ""));
}

void PngWriter::put(std::string_view bytes) {
  while (!bytes.empty()) {
    if (block_.size() == kBlock) block(false);
    const auto part = bytes.substr(0, kBlock - block_.size());
    block_ += part;
    bytes.remove_prefix(part.size());
  }
}

Status PngWriter::row(const std::uint8_t* samples) {
  if (!status_) return status_;
  if (rows_ == height_)
    return fail(ErrorCode::kInternal, "PNG: more than its " + std::to_string(height_) + " rows");
  // No filter: differences of noise are noisier, and compress less.
  put(std::string_view("\0", 1));
  put({reinterpret_cast<const char*>(samples), static_cast<std::size_t>(width_ * channels_)});
  if (status_) ++rows_;
  return status_;
}

Status PngWriter::end() {
  if (!status_) return status_;
  if (rows_ < height_ || ended_)
    return fail(ErrorCode::kInternal,
                ended_ ? "PNG: ended twice"
                       : "PNG: " + std::to_string(height_ - rows_) + " rows are missing");
  block(true);
  chunk("IEND", {});
  ended_ = true;
  return status_;
}

}  // namespace recorte::encode
