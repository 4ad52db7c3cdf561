// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/png_writer.hpp"

#include "core/base/io.hpp"

#include <gmock/gmock.h>
#include <png.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace recorte::encode {
namespace {

// What libpng's reader finds.
struct Picture {
  int width = 0, height = 0, channels = 0, depth = 0;
  bool srgb = false;
  std::string pixels;
  std::map<std::string, std::string> text;
};

struct Bytes {
  std::string all;
  std::size_t at = 0;
};

void read_some(png_structp png, png_bytep to, png_size_t count) {
  auto& bytes = *static_cast<Bytes*>(png_get_io_ptr(png));
  if (bytes.at + count > bytes.all.size()) png_error(png, "short");
  std::memcpy(to, bytes.all.data() + bytes.at, count);
  bytes.at += count;
}

// Aborts the test program where the file is bad: libpng has no other way without setjmp.
Picture decode(int fd) {
  Bytes bytes{*read_descriptor(fd)};
  Picture out;
  auto* png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  auto* info = png_create_info_struct(png);
  png_set_read_fn(png, &bytes, read_some);
  png_read_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  out.width = static_cast<int>(png_get_image_width(png, info));
  out.height = static_cast<int>(png_get_image_height(png, info));
  out.channels = png_get_channels(png, info);
  out.depth = png_get_bit_depth(png, info);
  int intent = 0;
  out.srgb = png_get_sRGB(png, info, &intent) != 0;
  auto** rows = png_get_rows(png, info);
  for (int y = 0; y < out.height; ++y)
    out.pixels.append(reinterpret_cast<char*>(rows[y]), png_get_rowbytes(png, info));
  png_textp text = nullptr;
  const int count = png_get_text(png, info, &text, nullptr);
  for (int i = 0; i < count; ++i) out.text[text[i].key] = text[i].text;
  png_destroy_read_struct(&png, &info, nullptr);
  return out;
}

TEST(PngWriter, WritesWhatLibpngReadsBack) {
  for (const int channels : {1, 2, 3, 4}) {
    const auto fd = make_memfd("png");
    ASSERT_TRUE(fd);
    PngWriter writer(fd->get(), 31, 17, channels, {});
    std::string all;
    for (int y = 0; y < 17; ++y) {
      std::string row;
      for (int i = 0; i < 31 * channels; ++i) row += static_cast<char>(y * 37 + i * 11);
      ASSERT_TRUE(writer.row(reinterpret_cast<const std::uint8_t*>(row.data())));
      all += row;
    }
    ASSERT_TRUE(writer.end());
    EXPECT_EQ(writer.size(), std::ssize(*read_descriptor(fd->get())));
    const auto picture = decode(fd->get());
    EXPECT_EQ(picture.width, 31);
    EXPECT_EQ(picture.height, 17);
    EXPECT_EQ(picture.channels, channels);
    EXPECT_EQ(picture.depth, 8);
    EXPECT_TRUE(picture.srgb);
    EXPECT_EQ(picture.pixels, all);
  }
}

// Rows and blocks end anywhere, and a picture is larger than what is held.
TEST(PngWriter, WritesLargePictures) {
  std::mt19937 random(1);
  for (const auto& [width, height, channels] :
       {std::array{200'003, 3, 4}, {701, 503, 3}, {1, 300'000, 1}, {512, 512, 2}}) {
    const auto fd = make_memfd("png");
    ASSERT_TRUE(fd);
    PngWriter writer(fd->get(), width, height, channels, {});
    std::string all, row(static_cast<std::size_t>(width * channels), '\0');
    for (int y = 0; y < height; ++y) {
      for (char& c : row) c = static_cast<char>(y % 3 == 0 ? 0 : std::popcount(random()));
      ASSERT_TRUE(writer.row(reinterpret_cast<const std::uint8_t*>(row.data())));
      all += row;
    }
    ASSERT_TRUE(writer.end());
    const auto picture = decode(fd->get());
    EXPECT_TRUE(picture.pixels == all) << width;
  }
}

TEST(PngWriter, KeepsTextOfEveryKind) {
  const auto fd = make_memfd("png");
  PngWriter writer(fd->get(), 1, 1, 1,
                   {{"Title", "M 13"},
                    {"Author", "Andr\xc3\xa9"},
                    {"Broken",
                     "a\xff"
                     "b\xed\xa0\x80"},
                    {" odd \x01 key  ", "x"},
                    {"", "empty key"},
                    {std::string(100, 'k'), "long key"},
                    {"Long", std::string(100000, 'y')}});
  const std::uint8_t sample = 7;
  ASSERT_TRUE(writer.row(&sample));
  ASSERT_TRUE(writer.end());
  EXPECT_THAT(
      decode(fd->get()).text,
      testing::UnorderedElementsAre(
          testing::Pair("Title", "M 13"), testing::Pair("Author", "Andr\xc3\xa9"),
          testing::Pair("Broken", "a?b???"), testing::Pair("odd ? key", "x"),
          testing::Pair("Comment", "empty key"), testing::Pair(std::string(79, 'k'), "long key"),
          testing::Pair("Long", std::string(100000, 'y'))));
}

TEST(PngWriter, RefusesMisuse) {
  const auto fd = make_memfd("png");
  const std::uint8_t samples[8] = {};
  const auto code = [](const Status& status) {
    return status ? std::optional<ErrorCode>() : status.error().code;
  };
  PngWriter writer(fd->get(), 2, 2, 1, {});
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  ASSERT_TRUE(writer.row(samples));
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  ASSERT_TRUE(writer.row(samples));
  EXPECT_EQ(code(writer.row(samples)), ErrorCode::kInternal);
  ASSERT_TRUE(writer.end());
  EXPECT_EQ(code(writer.end()), ErrorCode::kInternal);
  EXPECT_EQ(code(PngWriter(fd->get(), 2, 2, 0, {}).row(samples)), ErrorCode::kInternal);
  EXPECT_EQ(code(PngWriter(fd->get(), 2, 2, 5, {}).row(samples)), ErrorCode::kInternal);
  EXPECT_EQ(code(PngWriter(fd->get(), 0, 2, 1, {}).row(samples)), ErrorCode::kUsage);
  EXPECT_EQ(code(PngWriter(fd->get(), 1LL << 31, 2, 1, {}).row(samples)), ErrorCode::kUsage);
}

TEST(PngWriter, ReportsADescriptorThatCannotBeWritten) {
  const std::uint8_t sample = 0;
  PngWriter writer(-1, 1, 1, 1, {});
  EXPECT_FALSE(writer.row(&sample));
  const auto ended = writer.end();
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().message, "");
}

}  // namespace
}  // namespace recorte::encode
