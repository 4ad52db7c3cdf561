// SPDX-License-Identifier: BSD-3-Clause
//
// Files of places in Rice's code: right pixels with them, and with what is wrong with them.
#include "core/fits/rice_tiles.hpp"
#include "core/fits/seek_file.hpp"
#include "core/fits/seek_points.hpp"
#include "core/fits/tile_row.hpp"
#include "made_tiles.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <optional>

namespace recorte::fits {
namespace {

using namespace recorte::test;

class Seek : public MadeTiles {
 protected:
  struct Opened {
    Source source;
    TileTable table;
    FileStamp stamp;
    SeekSubject subject() const { return {stamp, 1, table}; }
  };
  /// HDU 1 of it, which is compressed.
  static Opened opened(const fs::path& path) {
    auto source = *Source::open(path);
    auto table = *tile_table(source, (*hdu_places(source))[1]);
    const auto stamp = *source.stamp();
    return {std::move(source), std::move(table), stamp};
  }
  fs::path copied(const std::string& name) {
    fs::copy_file(made() / name, directory_ / name, fs::copy_options::overwrite_existing);
    return directory_ / name;
  }
  std::string whole(const fs::path& path) {
    const auto file = File::open(path);
    const auto image = *file->image(-1);
    return *read(*file, image, 0, {0, 0, image.width, image.height});
  }
  const fs::path seeks_ = directory_ / "seeks";
};

TEST_F(Seek, PlacesGiveTheSamePixels) {
  RECORTE_NEED_ASTROPY();
  std::mt19937 random(41);
  int made = 0;
  for (const auto& path : made_files()) {
    SCOPED_TRACE(path.filename());
    const auto report = make_seek_files(path, seeks_);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->written, std::ssize(report->names));
    made += static_cast<int>(report->written);
    const auto file = File::open(path, {.seek_points = 0, .seek_directory = seeks_});
    const auto image = *file->image(-1);
    const auto all = whole(path);
    for (int i = 0; i < 10; ++i) {
      const auto rect = any_rect(random, image);
      ASSERT_EQ(*read(*file, image, 0, rect), part_of(all, image, rect));
    }
    EXPECT_EQ(make_seek_files(path, seeks_)->written, 0);  // they are there
  }
  EXPECT_GT(made, 30);
}

TEST_F(Seek, PlacesAreThoseThatReadingLearns) {
  RECORTE_NEED_ASTROPY();
  const auto path = made() / "i32_square.fits";
  ASSERT_TRUE(make_seek_files(path, seeks_));
  const auto file = opened(path);
  const auto seek = SeekFile::open(seeks_, file.subject());
  ASSERT_TRUE(seek);
  SeekPoints learned(1 << 20);
  const auto row = *TileRows(file.source, file.table).row(0, 256 * 256);
  std::vector<std::int32_t> out(256 * 256);
  RiceTiles tiles(file.source, file.table, learned, 256 * 4);
  ASSERT_TRUE(tiles.add({0,
                         256 * 256,
                         row.offset,
                         row.size,
                         {},
                         0,
                         256,
                         256,
                         256,
                         reinterpret_cast<std::byte*>(out.data())}));
  ASSERT_TRUE(tiles.read());
  constexpr auto kStep = SeekPoints::kStep;
  constexpr auto kPoints = 256 * 256 / kStep - 1;
  ASSERT_EQ(std::ssize(learned.learned(0)), kPoints);
  for (std::int64_t i = 0; i < kPoints; ++i) {
    const auto& point = learned.learned(0)[static_cast<std::size_t>(i)];
    EXPECT_EQ(seek->entry(0, i).bit, point.bit);
    EXPECT_EQ(seek->entry(0, i).last, point.last);
    EXPECT_EQ(point.last,
              static_cast<std::uint32_t>(out[static_cast<std::size_t>(kStep * (i + 1) - 1)]));
  }
  EXPECT_EQ(seek->entry(0, kPoints).bit, 0U);
  EXPECT_EQ(seek->entry(-1, 0).bit, 0U);
  EXPECT_EQ(seek->entry(99, 0).bit, 0U);
}

// Of a stream whose beginning is destroyed, who enters behind it sees nothing of that.
TEST_F(Seek, StreamsAreEnteredByThem) {
  RECORTE_NEED_ASTROPY();
  const auto path = copied("i32_whole.fits");
  const auto before = fs::last_write_time(path);
  const auto image = *File::open(path)->image(-1);
  const sky::PixelRect rect{100, 280, 200, 20};
  const auto expected = part_of(whole(path), image, rect);
  ASSERT_TRUE(make_seek_files(path, seeks_));
  const auto heap = static_cast<std::size_t>(opened(path).table.heap);
  auto bytes = slurp(path);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(heap) + 20, 1000, '\xff');
  spill(path, bytes);
  const auto found = read(*File::open(path, {.seek_directory = seeks_}), image, 0, rect);
  EXPECT_NE(found.value_or(""), expected);  // it has changed, so they are not for it
  fs::last_write_time(path, before);
  EXPECT_EQ(*read(*File::open(path, {.seek_directory = seeks_}), image, 0, rect), expected);
  EXPECT_NE(read(*File::open(path), image, 0, rect).value_or(""), expected);
}

TEST_F(Seek, WhatDoesNotFitIsAsIfItWereNotThere) {
  RECORTE_NEED_ASTROPY();
  const auto path = copied("i16_rows.fits");
  ASSERT_TRUE(make_seek_files(path, seeks_));
  auto file = opened(path);
  const auto good = file.subject();
  ASSERT_TRUE(SeekFile::open(seeks_, good));
  EXPECT_FALSE(SeekFile::open(directory_ / "none", good));
  const auto name = seeks_ / good.name();
  const auto bytes = slurp(name);
  // Under the name of another state, or HDU.
  auto other = good;
  other.stamp.mtime_ns += 1;
  spill(seeks_ / other.name(), bytes);
  EXPECT_FALSE(SeekFile::open(seeks_, other));
  const SeekSubject another{good.stamp, 2, file.table};
  spill(seeks_ / another.name(), bytes);
  EXPECT_FALSE(SeekFile::open(seeks_, another));
  file.table.heap += 8;
  EXPECT_FALSE(SeekFile::open(seeks_, file.subject()));
  file.table.heap -= 8;
  // Cut short, or longer.
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{143}, bytes.size() / 2, bytes.size() - 1}) {
    spill(name, bytes.substr(0, size));
    EXPECT_FALSE(SeekFile::open(seeks_, good)) << size;
  }
  spill(name, bytes + "12345678");
  EXPECT_FALSE(SeekFile::open(seeks_, good));
  // Any bit.
  std::mt19937 random(43);
  for (int i = 0; i < 500; ++i) {
    auto flipped = bytes;
    const auto at = i < 150 ? static_cast<std::size_t>(i) : random() % bytes.size();
    flipped[at % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    spill(name, flipped);
    ASSERT_FALSE(SeekFile::open(seeks_, good)) << at;
  }
  // They are made again.
  EXPECT_EQ(make_seek_files(path, seeks_)->written, 1);
  EXPECT_EQ(slurp(name), bytes);
}

TEST_F(Seek, OneThatShrinksIsNoHarm) {
  RECORTE_NEED_ASTROPY();
  const auto path = made() / "i32_whole.fits";
  ASSERT_TRUE(make_seek_files(path, seeks_));
  const auto file = File::open(path, {.seek_points = 0, .seek_directory = seeks_});
  const auto image = *file->image(-1);
  const sky::PixelRect first{3, 3, 50, 9}, last{500, 250, 90, 40};
  const auto all = whole(path);
  ASSERT_EQ(*read(*file, image, 0, first), part_of(all, image, first));
  const auto beside = opened(path);
  const auto subject = beside.subject();
  const auto seek = SeekFile::open(seeks_, subject);
  ASSERT_TRUE(seek);
  fs::resize_file(seeks_ / subject.name(), 4096 + 100);
  EXPECT_NE(seek->entry(0, 0).bit, 0U);
  EXPECT_EQ(seek->entry(0, 600).bit, 0U);
  ASSERT_EQ(*read(*file, image, 0, last), part_of(all, image, last));
}

TEST_F(Seek, ABrokenTileHasNone) {
  RECORTE_NEED_ASTROPY();
  const auto path = copied("i32_rows.fits");
  auto bytes = slurp(path);
  // The fifth row has a tenth of its bytes.
  const auto at = static_cast<std::size_t>(opened(path).table.begin + 4 * opened(path).table.width);
  bytes[at + 2] = 0;
  bytes[at + 3] = 60;
  spill(path, bytes);
  ASSERT_TRUE(make_seek_files(path, seeks_));
  const auto seek = SeekFile::open(seeks_, opened(path).subject());
  ASSERT_TRUE(seek);
  EXPECT_NE(seek->entry(3, 0).bit, 0U);
  EXPECT_EQ(seek->entry(4, 1).bit, 0U);
  EXPECT_NE(seek->entry(5, 0).bit, 0U);
  EXPECT_NE(seek->entry(300, 1).bit, 0U);
  EXPECT_EQ(make_seek_files("/none.fits", seeks_).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte::fits
