// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/jpeg_writer.hpp"

#include "core/base/io.hpp"

// clang-format off
#include <cstdio>  // jpeglib.h needs it first
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <array>
#include <csetjmp>
#include <span>
#include <string_view>
#include <utility>

namespace recorte::encode {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;
constexpr std::size_t kMarkerBytes = 65533;  // ITU-T T.81, section B.2.4.5: the length is 16 bits
constexpr int kFineColourQuality = 90;

}  // namespace

// libjpeg reports errors by a function that must not return: every call of it is in one of the
// functions below that setjmp, and in them and in what they call nothing has a destructor that a
// jump could skip.
struct JpegWriter::Impl {
  int fd = -1;
  std::int64_t width = 0, height = 0;
  int channels = 0, quality = 0;
  std::string comment;
  std::int64_t rows = 0, size = 0;
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_destination_mgr destination{};
  std::array<JOCTET, kBufferBytes> buffer;
  std::jmp_buf jump;
  bool ended = false;
  Status status;

  ~Impl() { jpeg_destroy_compress(&jpeg); }

  template <class Jpeg>
  static Impl& of(Jpeg* jpeg) {
    return *static_cast<Impl*>(jpeg->client_data);
  }
  static void on_error(j_common_ptr jpeg) {
    char message[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, message);
    of(jpeg).note(message);
    std::longjmp(of(jpeg).jump, 1);
  }
  static void on_warning(j_common_ptr, int) {}
  static void on_begin(j_compress_ptr jpeg) { of(jpeg).empty_buffer(); }
  static boolean on_full(j_compress_ptr jpeg) {
    of(jpeg).write(kBufferBytes);
    of(jpeg).empty_buffer();
    return TRUE;
  }
  static void on_end(j_compress_ptr jpeg) {
    of(jpeg).write(kBufferBytes - of(jpeg).destination.free_in_buffer);
  }

  void note(const char* message) {
    if (status) status = fail(ErrorCode::kInternal, std::string("JPEG: ") + message);
  }
  void empty_buffer() {
    destination.next_output_byte = buffer.data();
    destination.free_in_buffer = buffer.size();
  }
  void write(std::size_t count) {
    status = write_all(fd, std::as_bytes(std::span(buffer.data(), count)));
    if (!status) std::longjmp(jump, 1);
    size += static_cast<std::int64_t>(count);
  }

  void start();
  void put_comment();
  void put(const std::uint8_t* samples);
  void finish();
};

void JpegWriter::Impl::start() {
  jpeg.err = jpeg_std_error(&errors);
  errors.error_exit = on_error;
  errors.emit_message = on_warning;
  jpeg.client_data = this;
  if (setjmp(jump)) return;
  jpeg_create_compress(&jpeg);
  destination.init_destination = on_begin;
  destination.empty_output_buffer = on_full;
  destination.term_destination = on_end;
  jpeg.dest = &destination;
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = channels;
  jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  // The default is 2 x 2 pixels of brightness to one of colour.
  if (quality >= kFineColourQuality)
    jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&jpeg, TRUE);
  put_comment();
}

void JpegWriter::Impl::put_comment() {
  for (std::string_view rest = comment; !rest.empty();) {
    const auto count = std::min(rest.size(), kMarkerBytes);
    jpeg_write_marker(&jpeg, JPEG_COM, reinterpret_cast<const JOCTET*>(rest.data()),
                      static_cast<unsigned>(count));
    rest.remove_prefix(count);
  }
}

void JpegWriter::Impl::put(const std::uint8_t* samples) {
  auto* line = const_cast<JSAMPROW>(samples);  // which libjpeg only reads
  if (setjmp(jump)) return;
  jpeg_write_scanlines(&jpeg, &line, 1);
}

void JpegWriter::Impl::finish() {
  if (setjmp(jump)) return;
  jpeg_finish_compress(&jpeg);
}

JpegWriter::JpegWriter(int fd, std::int64_t width, std::int64_t height, int channels, int quality,
                       std::string comment)
    : impl_(std::make_unique<Impl>()) {
  auto& w = *impl_;
  w.fd = fd;
  w.width = width;
  w.height = height;
  w.channels = channels;
  w.quality = quality;
  w.comment = std::move(comment);
  if (channels != 1 && channels != 3)
    w.status = fail(ErrorCode::kInternal,
                    "JPEG: " + std::to_string(channels) + " channels, which must be 1 or 3");
  else if (quality < 1 || quality > 100)
    w.status = fail(ErrorCode::kUsage,
                    "a JPEG cannot have quality " + std::to_string(quality) + ": ask for 1 to 100");
  else if (width < 1 || height < 1 || width > JPEG_MAX_DIMENSION || height > JPEG_MAX_DIMENSION)
    w.status = fail(ErrorCode::kUsage,
                    "a JPEG cannot have " + std::to_string(width) + " x " + std::to_string(height) +
                        " pixels: ask for png or fits, or for a smaller picture");
  if (w.status) w.start();
}

JpegWriter::~JpegWriter() = default;

Status JpegWriter::row(const std::uint8_t* samples) {
  auto& w = *impl_;
  if (!w.status) return w.status;
  if (w.rows == w.height)
    return fail(ErrorCode::kInternal, "JPEG: more than its " + std::to_string(w.height) + " rows");
  w.put(samples);
  if (w.status) ++w.rows;
  return w.status;
}

Status JpegWriter::end() {
  auto& w = *impl_;
  if (!w.status) return w.status;
  if (w.rows < w.height || w.ended)
    return fail(ErrorCode::kInternal,
                w.ended ? "JPEG: ended twice"
                        : "JPEG: " + std::to_string(w.height - w.rows) + " rows are missing");
  w.finish();
  w.ended = true;
  return w.status;
}

std::int64_t JpegWriter::size() const { return impl_->size; }

}  // namespace recorte::encode
