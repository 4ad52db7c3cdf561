// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/png_writer.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <png.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace recorte::encode {
namespace {

using Text = std::vector<std::pair<std::string, std::string>>;

// Sky noise hardly compresses: level 1 without filters is four times faster than the default and
// loses a few per cent.
constexpr int kLevel = 1;
constexpr std::size_t kIdatBytes = 1 << 16;
constexpr std::int64_t kMaxSide = 0x7fffffff;  // PNG, section 11.2.2

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

// Length of the UTF-8 character that `text` begins with, 0 where it is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >> 4 == 0xe             ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (byte(i) >> 6 != 2) return 0;
  const unsigned second = byte(1);
  const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
                   (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
  return bad ? 0 : length;
}

std::string good_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    out += length ? text.substr(0, length) : "?";
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

// 1 to 79 printable characters, no blank at an end or beside another (PNG, section 11.3.4.2).
std::string good_key(std::string_view key) {
  std::string plain(key);
  for (char& c : plain)
    if (c < ' ' || c > '~') c = '?';
  auto out = join(split_blanks(plain), " ").substr(0, 79);
  while (out.ends_with(' ')) out.pop_back();
  return out.empty() ? "Comment" : out;
}

}  // namespace

// libpng reports errors by longjmp: every call of it is in one of the functions below that setjmp,
// and in them and in what they call nothing has a destructor that a jump could skip.
struct PngWriter::Impl {
  int fd = -1;
  std::int64_t width = 0, height = 0;
  int channels = 0;
  Text text;
  std::vector<png_text> chunks;
  std::int64_t rows = 0, size = 0;
  png_structp png = nullptr;
  png_infop info = nullptr;
  bool ended = false;
  Status status;

  ~Impl() { png_destroy_write_struct(&png, &info); }

  static void on_error(png_structp png, png_const_charp message) {
    static_cast<Impl*>(png_get_error_ptr(png))->note(message);
    png_longjmp(png, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void on_write(png_structp png, png_bytep bytes, png_size_t count) {
    if (!static_cast<Impl*>(png_get_io_ptr(png))->write(bytes, count)) png_error(png, "write");
  }
  static void on_flush(png_structp) {}

  void note(const char* message) {
    if (status) status = fail(ErrorCode::kInternal, std::string("PNG: ") + message);
  }
  bool write(const void* bytes, std::size_t count) {
    status = write_all(fd, {static_cast<const std::byte*>(bytes), count});
    if (status) size += static_cast<std::int64_t>(count);
    return status.has_value();
  }

  void prepare();
  void start();
  void put(const std::uint8_t* samples);
  void finish();
};

// What the chunks point to must outlive no more than start().
void PngWriter::Impl::prepare() {
  for (auto& [key, value] : text) {
    key = good_key(key);
    value = good_utf8(value);
    png_text chunk{};
    const bool plain = is_ascii(value);
    chunk.compression = plain ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
    chunk.key = key.data();
    chunk.text = value.data();
    chunk.text_length = plain ? value.size() : 0;
    chunk.itxt_length = plain ? 0 : value.size();
    chunks.push_back(chunk);
  }
  png = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
  if (png != nullptr) info = png_create_info_struct(png);
  if (info == nullptr) status = fail(ErrorCode::kUnavailable, "PNG: no memory");
}

void PngWriter::Impl::start() {
  if (setjmp(png_jmpbuf(png))) return;
  png_set_write_fn(png, this, on_write, on_flush);
  png_set_user_limits(png, kMaxSide, kMaxSide);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8,
               channels == 1   ? PNG_COLOR_TYPE_GRAY
               : channels == 2 ? PNG_COLOR_TYPE_GRAY_ALPHA
               : channels == 3 ? PNG_COLOR_TYPE_RGB
                               : PNG_COLOR_TYPE_RGB_ALPHA,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_set_text(png, info, chunks.data(), static_cast<int>(chunks.size()));
  png_set_compression_level(png, kLevel);
  png_set_compression_buffer_size(png, kIdatBytes);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_write_info(png, info);
}

void PngWriter::Impl::put(const std::uint8_t* samples) {
  if (setjmp(png_jmpbuf(png))) return;
  png_write_row(png, samples);
}

void PngWriter::Impl::finish() {
  if (setjmp(png_jmpbuf(png))) return;
  png_write_end(png, nullptr);
}

PngWriter::PngWriter(int fd, std::int64_t width, std::int64_t height, int channels, Text text)
    : impl_(std::make_unique<Impl>()) {
  auto& w = *impl_;
  w.fd = fd;
  w.width = width;
  w.height = height;
  w.channels = channels;
  w.text = std::move(text);
  if (channels < 1 || channels > 4)
    w.status = fail(ErrorCode::kInternal,
                    "PNG: " + std::to_string(channels) + " channels, which must be 1 to 4");
  else if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide)
    w.status = fail(ErrorCode::kUsage, "a PNG cannot have " + std::to_string(width) + " x " +
                                           std::to_string(height) + " pixels: ask for FITS");
  if (w.status) w.prepare();
  if (w.status) w.start();
}

PngWriter::~PngWriter() = default;

Status PngWriter::row(const std::uint8_t* samples) {
  auto& w = *impl_;
  if (!w.status) return w.status;
  if (w.rows == w.height)
    return fail(ErrorCode::kInternal, "PNG: more than its " + std::to_string(w.height) + " rows");
  w.put(samples);
  if (w.status) ++w.rows;
  return w.status;
}

Status PngWriter::end() {
  auto& w = *impl_;
  if (!w.status) return w.status;
  if (w.rows < w.height || w.ended)
    return fail(ErrorCode::kInternal,
                w.ended ? "PNG: ended twice"
                        : "PNG: " + std::to_string(w.height - w.rows) + " rows are missing");
  w.finish();
  w.ended = true;
  return w.status;
}

std::int64_t PngWriter::size() const { return impl_->size; }

}  // namespace recorte::encode
