// SPDX-License-Identifier: BSD-3-Clause
//
// Small rectangles of images of every kind of tile: what is decoded in part, from the middle of a
// stream, of several streams at once, or out of a mapped file, is what is read whole. That the
// whole is right, astropy says (astropy_test.cpp reads the same files).
#include "core/fits/file.hpp"
#include "core/fits/tiles.hpp"
#include "made_tiles.hpp"
#include "rice_streams.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <random>

namespace recorte::fits {
namespace {

using namespace recorte::test;
using testing::AllOf;
using testing::HasSubstr;

using Parts = MadeTiles;

TEST_F(Parts, AreWhatTheWholeHolds) {
  RECORTE_NEED_ASTROPY();
  std::mt19937 random(17);
  int count = 0;
  for (const auto& path : made_files()) {
    SCOPED_TRACE(path.filename());
    const auto file = File::open(path);
    ASSERT_TRUE(file) << file.error().message;
    const auto image = *file->image(-1);
    for (std::int64_t plane = 0; plane < image.planes; ++plane) {
      const auto whole =
          read(*File::open(path, {.map = false}), image, plane, {0, 0, image.width, image.height});
      ASSERT_TRUE(whole) << whole.error().message;
      for (int i = 0; i < 12; ++i) {  // ever warmer
        const auto rect = any_rect(random, image);
        const auto expected = part_of(*whole, image, rect);
        ASSERT_EQ(*read(*file, image, plane, rect), expected);
        ASSERT_EQ(*read(*File::open(path), image, plane, rect), expected);
        ASSERT_EQ(*read(*File::open(path, {.seek_points = 0}), image, plane, rect), expected);
        ASSERT_EQ(*read(*File::open(path, {.seek_points = 3000, .map = false}), image, plane, rect),
                  expected);
        ++count;
      }
    }
  }
  EXPECT_GT(count, 400);
}

/// Rectangles by one level of instructions; every second one of a reader that is warm.
class Level {
 public:
  Level(const std::string& path, Simd simd) : simd_(simd), source_(*Source::open(path)) {
    const auto places = hdu_places(source_);
    for (const auto& place : *places)
      if (place.hdu.compressed) table_ = *tile_table(source_, place);
    warm_.emplace(table_, OpenOptions{}, SeekPoints(1 << 20), simd_);
  }
  Result<std::string> read(const sky::PixelRect& rect, bool warm) {
    TileReader cold(table_, OpenOptions{}, SeekPoints(1 << 20), simd_);
    const auto row = rect.width * bytes_of(table_.bitpix);
    std::string out(static_cast<std::size_t>(row * rect.height), '\0');
    std::vector<std::int64_t> corner(table_.axes.size());
    corner[0] = rect.x;
    corner[1] = rect.y;
    RECORTE_TRY((warm ? *warm_ : cold)
                    .read(source_, corner, rect.width, rect.height,
                          reinterpret_cast<std::byte*>(out.data()), row));
    return out;
  }

 private:
  Simd simd_;
  Source source_;
  TileTable table_;
  std::optional<TileReader> warm_;
};

TEST_F(Parts, AreTheSameByEveryLevelOfInstructions) {
  RECORTE_NEED_ASTROPY();
  std::mt19937 random(19);
  for (const auto& path : made_files()) {
    if (path.string().ends_with("_plain.fits")) continue;
    SCOPED_TRACE(path.filename());
    const auto image = *File::open(path)->image(-1);
    std::vector<std::unique_ptr<Level>> all;
    for (const auto level : levels()) all.push_back(std::make_unique<Level>(path, level));
    for (int i = 0; i < 8; ++i) {
      const auto rect = any_rect(random, image);
      const auto expected = all.front()->read(rect, i % 2 == 0);
      ASSERT_TRUE(expected) << expected.error().message;
      for (const auto& level : all) ASSERT_EQ(*level->read(rect, i % 2 == 0), *expected);
    }
  }
}

TEST_F(Parts, OfDamagedTilesFailAlikeByEveryLevel) {
  RECORTE_NEED_ASTROPY();
  std::mt19937 random(23);
  int failed = 0;
  for (const auto& path : made_files()) {
    if (path.string().ends_with("_plain.fits")) continue;
    SCOPED_TRACE(path.filename());
    const auto good = slurp(path);
    const auto image = *File::open(path)->image(-1);
    for (int n = 0; n < 12; ++n) {
      auto bytes = good;
      // Behind the headers: the table and its heap.
      for (int k = 0; k < 40; ++k) {
        const auto at = 8640 + random() % (bytes.size() - 8640);
        bytes[at] ^= static_cast<char>(1 + random() % 255);
      }
      const auto bad = (directory_ / "bad.fits").string();
      spill(bad, bytes);
      std::vector<std::unique_ptr<Level>> all;
      for (const auto level : levels()) all.push_back(std::make_unique<Level>(bad, level));
      for (int i = 0; i < 4; ++i) {
        const auto rect = any_rect(random, image);
        const auto expected = all.front()->read(rect, i % 2 == 0);
        failed += !expected;
        for (const auto& level : all) {
          const auto found = level->read(rect, i % 2 == 0);
          ASSERT_EQ(found.has_value(), expected.has_value());
          if (found) {
            ASSERT_EQ(*found, *expected);
          } else {
            EXPECT_THAT(found.error().message, HasSubstr("tile "));
          }
        }
      }
    }
  }
  EXPECT_GT(failed, 100);
}

TEST_F(Parts, OfAFileThatShrinksAreAnError) {
  RECORTE_NEED_ASTROPY();
  for (const char* name :
       {"i32_plain.fits", "i32_rows.fits", "i32_square.fits", "dither1_GZIP_2_rows.fits"}) {
    SCOPED_TRACE(name);
    const auto path = directory_ / name;
    for (const std::uintmax_t cut : {3000U, 100'000U, 4096U}) {
      fs::copy_file(made() / name, path, fs::copy_options::overwrite_existing);
      const auto file = File::open(path, {.decoded_tiles = 0});
      ASSERT_TRUE(file);
      const auto image = *file->image(-1);
      const sky::PixelRect last{10, image.height - 50, 40, 50};
      const auto before = read(*file, image, 0, last);
      ASSERT_TRUE(before);
      fs::resize_file(path, fs::file_size(path) - cut);
      const auto after = read(*file, image, 0, last);
      if (!after) {
        EXPECT_EQ(after.error().code, ErrorCode::kData);
        EXPECT_THAT(after.error().message, HasSubstr("ends before byte"));
      } else {  // only padding went
        EXPECT_EQ(*after, *before);
        EXPECT_LT(cut, 5000U);
      }
      fs::resize_file(path, 2880);
      const auto gone = read(*file, image, 0, last);
      ASSERT_FALSE(gone);
      EXPECT_THAT(gone.error().message, AllOf(HasSubstr(name), HasSubstr("ends before byte")));
    }
  }
}

TEST_F(Parts, CountTheTilesThatAreHeld) {
  RECORTE_NEED_ASTROPY();
  const auto path = made() / "lossless_GZIP_2.fits";
  const auto file = File::open(path);
  const auto small = File::open(path, {.decoded_tiles = 0});
  const auto image = *file->image(-1);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(read(*file, image, 0, {5, 5, 10, 20}));
    ASSERT_TRUE(read(*small, image, 0, {5, 5, 10, 20}));
  }
  EXPECT_EQ(file->tile_counts().misses, 20);
  EXPECT_EQ(file->tile_counts().hits, 40);
  EXPECT_EQ(small->tile_counts().misses, 60);
  EXPECT_EQ(small->tile_counts().hits, 0);
}

}  // namespace
}  // namespace recorte::fits
