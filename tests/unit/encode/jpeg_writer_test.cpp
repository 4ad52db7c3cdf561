// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/jpeg_writer.hpp"

#include "core/base/io.hpp"
#include "tests/unit/tree.hpp"

// clang-format off
#include <cstdio>  // jpeglib.h needs it first
#include <jpeglib.h>
// clang-format on

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace recorte::encode {
namespace {

// What libjpeg's reader finds.
struct Picture {
  int width = 0, height = 0, channels = 0;
  int sampling = 0;  // pixels of brightness to one of colour, along a side
  std::string pixels;
  std::vector<std::string> comments;
};

// Ends the test program where the file is bad: libjpeg has no other way without setjmp.
Picture decode(int fd) {
  const auto bytes = *read_descriptor(fd);
  jpeg_error_mgr errors;
  jpeg_decompress_struct jpeg;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&jpeg, JPEG_COM, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  Picture out;
  for (const auto* marker = jpeg.marker_list; marker != nullptr; marker = marker->next)
    out.comments.emplace_back(reinterpret_cast<const char*>(marker->data), marker->data_length);
  jpeg_start_decompress(&jpeg);
  out.width = static_cast<int>(jpeg.output_width);
  out.height = static_cast<int>(jpeg.output_height);
  out.channels = jpeg.output_components;
  out.sampling = jpeg.comp_info[0].h_samp_factor;
  std::vector<JSAMPLE> row(jpeg.output_width * jpeg.output_components);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW line = row.data();
    jpeg_read_scanlines(&jpeg, &line, 1);
    out.pixels.append(row.begin(), row.end());
  }
  jpeg_finish_decompress(&jpeg);
  EXPECT_EQ(errors.num_warnings, 0);
  jpeg_destroy_decompress(&jpeg);
  return out;
}

// A smooth picture, which JPEG keeps well.
std::string smooth(int width, int height, int channels) {
  std::string out;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        out += static_cast<char>(40 + (x * 100 + y * (c + 1) * 30) / (width + height));
  return out;
}

std::string noise(int count) {
  std::mt19937 random(5);
  std::string out(static_cast<std::size_t>(count), '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

// The size that the writer claims.
std::int64_t encode(int fd, int width, int height, int channels, int quality,
                    const std::string& pixels, const std::string& comment = "") {
  JpegWriter writer(fd, width, height, channels, quality, comment);
  for (int y = 0; y < height; ++y)
    EXPECT_TRUE(writer.row(reinterpret_cast<const std::uint8_t*>(pixels.data()) +
                           std::size_t(1) * y * width * channels));
  const auto ended = writer.end();
  EXPECT_TRUE(ended) << ended.error().message;
  return writer.size();
}

struct Side {
  int width, height;
};

TEST(JpegWriter, WritesWhatLibjpegReadsBack) {
  for (const int channels : {1, 3})
    for (const auto& [width, height] : {Side{1, 1}, {7, 3}, {1000, 700}})
      for (const int quality : {80, 95}) {
        const auto fd = make_memfd("jpeg");
        ASSERT_TRUE(fd);
        const auto pixels = smooth(width, height, channels);
        const auto size = encode(fd->get(), width, height, channels, quality, pixels);
        EXPECT_EQ(size, std::ssize(*read_descriptor(fd->get())));
        const auto picture = decode(fd->get());
        EXPECT_EQ(picture.width, width);
        EXPECT_EQ(picture.height, height);
        EXPECT_EQ(picture.channels, channels);
        EXPECT_EQ(picture.sampling, channels == 3 && quality < 90 ? 2 : 1);
        EXPECT_THAT(picture.comments, testing::IsEmpty());
        ASSERT_EQ(picture.pixels.size(), pixels.size());
        int worst = 0;
        for (std::size_t i = 0; i < pixels.size(); ++i)
          worst = std::max(worst, std::abs(static_cast<std::uint8_t>(picture.pixels[i]) -
                                           static_cast<std::uint8_t>(pixels[i])));
        EXPECT_LE(worst, quality < 90 ? 8 : 4) << width << " x " << height << " x " << channels;
      }
}

TEST(JpegWriter, SatisfiesPillow) {
  if (std::system("/usr/bin/python3 -c 'import PIL' 2>/dev/null") != 0)
    GTEST_SKIP() << "/usr/bin/python3 has no PIL: install python3-pil";
  const auto base = testing::TempDir() + "recorte-jpeg-" + std::to_string(::getpid());
  const auto script = (recorte::test::source_tree() / "tests/unit/encode/check_jpeg.py").string();
  for (const int channels : {1, 3})
    for (const int quality : {50, 95}) {
      const auto fd = make_memfd("jpeg");
      encode(fd->get(), 301, 203, channels, quality, smooth(301, 203, channels), "Andr\xc3\xa9");
      ASSERT_TRUE(write_file(base + ".jpg", *read_descriptor(fd->get())));
      ASSERT_TRUE(write_file(base + ".raw", decode(fd->get()).pixels));
      const auto command =
          "/usr/bin/python3 " + script + " " + base + ".jpg " + base + ".raw Andr\xc3\xa9";
      EXPECT_EQ(std::system(command.c_str()), 0);
    }
  ::unlink((base + ".jpg").c_str());
  ::unlink((base + ".raw").c_str());
}

TEST(JpegWriter, QualityCostsBytes) {
  std::int64_t before = 0;
  for (const int quality : {1, 30, 60, 89, 90, 100}) {
    const auto fd = make_memfd("jpeg");
    const auto size = encode(fd->get(), 200, 200, 3, quality, noise(200 * 200 * 3));
    EXPECT_GT(size, before) << quality;
    before = size;
  }
}

TEST(JpegWriter, KeepsACommentOfAnyLength) {
  const std::string limit(65533, 'x');
  for (const auto& comments : std::vector<std::vector<std::string>>{
           {"RA 12.5 Dec -3, Andr\xc3\xa9"}, {limit}, {limit, "y"}, {limit, limit, "end"}}) {
    const auto fd = make_memfd("jpeg");
    std::string joined;
    for (const auto& part : comments) joined += part;
    encode(fd->get(), 1, 1, 1, 75, "g", joined);
    EXPECT_EQ(decode(fd->get()).comments, comments);
  }
}

TEST(JpegWriter, RefusesMisuse) {
  const auto fd = make_memfd("jpeg");
  const std::uint8_t samples[8] = {};
  const auto code = [](const Status& status) {
    return status ? std::optional<ErrorCode>() : status.error().code;
  };
  JpegWriter writer(fd->get(), 2, 2, 1, 75, "");
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  ASSERT_TRUE(writer.row(samples));
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  ASSERT_TRUE(writer.row(samples));
  EXPECT_EQ(code(writer.row(samples)), ErrorCode::kInternal);
  ASSERT_TRUE(writer.end());
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  const auto refused = [&](std::int64_t width, std::int64_t height, int channels, int quality) {
    JpegWriter bad(fd->get(), width, height, channels, quality, "");
    const auto row = bad.row(samples);
    EXPECT_EQ(code(row), code(bad.end()));
    EXPECT_EQ(bad.size(), 0);
    return code(row);
  };
  EXPECT_EQ(refused(2, 2, 0, 75), ErrorCode::kInternal);
  EXPECT_EQ(refused(2, 2, 2, 75), ErrorCode::kInternal);
  EXPECT_EQ(refused(2, 2, 4, 75), ErrorCode::kInternal);
  EXPECT_EQ(refused(2, 2, 1, 0), ErrorCode::kUsage);
  EXPECT_EQ(refused(2, 2, 1, 101), ErrorCode::kUsage);
  EXPECT_EQ(refused(0, 2, 1, 75), ErrorCode::kUsage);
  EXPECT_EQ(refused(2, 65501, 1, 75), ErrorCode::kUsage);
  EXPECT_EQ(refused(1LL << 40, 2, 1, 75), ErrorCode::kUsage);
}

TEST(JpegWriter, WritesTheLargestSides) {
  for (const auto& [width, height] : {Side{65500, 2}, {2, 65500}}) {
    const auto fd = make_memfd("jpeg");
    encode(fd->get(), width, height, 1, 75, std::string(131000, 'g'));
    EXPECT_EQ(decode(fd->get()).pixels, std::string(131000, 'g'));
  }
}

TEST(JpegWriter, ReportsADescriptorThatCannotBeWritten) {
  const std::uint8_t sample = 0;
  JpegWriter small(-1, 1, 1, 1, 75, "");  // fits its buffer
  EXPECT_TRUE(small.row(&sample));
  const auto ended = small.end();
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().message, "");
  EXPECT_FALSE(small.end());
  EXPECT_EQ(small.size(), 0);

  const auto pixels = noise(3000);
  JpegWriter large(-1, 1000, 1000, 3, 100, "");
  int rows = 0;
  while (rows < 1000 && large.row(reinterpret_cast<const std::uint8_t*>(pixels.data()))) ++rows;
  EXPECT_LT(rows, 200);
  EXPECT_FALSE(large.end());

  JpegWriter commented(-1, 1, 1, 1, 75, std::string(200000, 'x'));
  EXPECT_FALSE(commented.row(&sample));
}

}  // namespace
}  // namespace recorte::encode
