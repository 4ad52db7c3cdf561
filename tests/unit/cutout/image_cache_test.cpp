// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/image_cache.hpp"

#include "core/base/io.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>

namespace recorte::cutout {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Cache : public testing::Test {
 protected:
  void write(const std::string& name, double value, int side = 8) {
    test::Picture picture{.width = side, .height = side};
    picture.pixels.assign(static_cast<std::size_t>(side * side), value);
    test::write_picture(directory_ / name, picture);
  }
  static float first_pixel(const OpenImage& image) {
    std::array<float, 1> out{};
    EXPECT_TRUE(image.file->read(image.info, 0, {0, 0, 1, 1}, 0, out.data(), 4));
    return out[0];
  }
  std::shared_ptr<const OpenImage> open(ImageCache& cache, const std::string& name) {
    auto image = cache.open(directory_ / name, -1, "");
    EXPECT_TRUE(image) << image.error().message;
    return image.value_or(nullptr);
  }
  void pack(const std::string& name) {
    const auto bytes = read_file(directory_ / name).value();
    const auto packed = ::gzopen((directory_ / (name + ".gz")).c_str(), "wb");
    ASSERT_EQ(::gzwrite(packed, bytes.data(), static_cast<unsigned>(bytes.size())),
              std::ssize(bytes));
    ASSERT_EQ(::gzclose(packed), Z_OK);
  }
  /// Files in memory that this process holds.
  static std::size_t unpacked_files() {
    std::size_t count = 0;
    std::error_code gone;  // the descriptor that lists them
    for (const auto& entry : fs::directory_iterator("/proc/self/fd"))
      count += fs::read_symlink(entry, gone).string().starts_with("/memfd:");
    return count;
  }
  test::TempDir directory_;
};

TEST_F(Cache, OpensOnce) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  const auto image = open(cache, "a");
  EXPECT_EQ(open(cache, "a"), image);
  EXPECT_EQ(image->info.width, 8);
  ASSERT_TRUE(image->wcs);
  EXPECT_NEAR(image->wcs->scale_x() * 3600, 1, 1e-9);
  const auto same = cache.open(directory_ / "a", 0, "");
  EXPECT_EQ((*same)->file, image->file);
}

TEST_F(Cache, NoticesAFileThatIsReplaced) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  const auto old = open(cache, "a");
  write("b", 2);
  fs::last_write_time(directory_ / "b", fs::last_write_time(directory_ / "a"));
  fs::rename(directory_ / "b", directory_ / "a");  // same size, same time, another inode
  const auto now = open(cache, "a");
  EXPECT_EQ(first_pixel(*now), 2);
  EXPECT_EQ(first_pixel(*old), 1);  // who still has the old one reads the old one
}

TEST_F(Cache, NoticesAFileThatIsRewritten) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  open(cache, "a");
  write("a", 2, 12);
  EXPECT_EQ(open(cache, "a")->info.width, 12);
  write("a", 3, 12);
  fs::last_write_time(directory_ / "a", fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(first_pixel(*open(cache, "a")), 3);
}

TEST_F(Cache, NoticesAFileThatIsGoneAndComesBack) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  open(cache, "a");
  fs::remove(directory_ / "a");
  const auto gone = cache.open(directory_ / "a", -1, "");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(gone.error().message, HasSubstr((directory_ / "a").string()));
  write("a", 4);
  EXPECT_EQ(first_pixel(*open(cache, "a")), 4);
}

TEST_F(Cache, KeepsTheMostRecentlyUsed) {
  for (const auto* name : {"a", "b", "c"}) write(name, 1);
  ImageCache cache({.open_files = 2});
  const auto a = open(cache, "a");
  const auto b = open(cache, "b");
  EXPECT_EQ(open(cache, "a"), a);
  open(cache, "c");  // b goes
  EXPECT_EQ(open(cache, "a"), a);
  EXPECT_NE(open(cache, "b"), b);
}

TEST_F(Cache, OfNoFilesStillOpensOne) {
  write("a", 1);
  ImageCache cache({.open_files = 0});
  EXPECT_EQ(first_pixel(*open(cache, "a")), 1);
}

/// What is unpacked into memory is bounded, however many files may be open.
TEST_F(Cache, OfUnpackedFilesKeepsSoManyBytes) {
  const auto before = unpacked_files();
  for (const auto* name : {"a", "b", "c", "d"}) {
    write(name, 1);
    pack(name);
  }
  const auto size = static_cast<std::int64_t>(fs::file_size(directory_ / "a"));
  ImageCache cache({.unpacked = 2 * 5760});  // two of them: a header and a block of pixels each
  EXPECT_EQ(open(cache, "a.gz")->file->unpacked(), 5760);
  for (const auto* name : {"b.gz", "c.gz", "d.gz"}) EXPECT_EQ(first_pixel(*open(cache, name)), 1);
  EXPECT_EQ(unpacked_files(), before + 2);
  EXPECT_EQ(open(cache, "a")->file->unpacked(), 0);  // read where it lies
  EXPECT_EQ(size, 5760);
  ImageCache none({.unpacked = 0});
  const auto d = open(none, "d.gz");
  EXPECT_EQ(open(none, "d.gz"), d);  // the last one is kept whatever it takes
}

/// So are the tiles that files unpack, one image's the whole of it.
TEST_F(Cache, OfUnpackedTilesKeepsSoManyBytes) {
  const auto tiled = recorte::test::survey_data() / "surveys/m13_compressions/m13_gzip.fits";
  if (!fs::exists(tiled)) GTEST_SKIP() << tiled << " is not here; set RECORTE_TEST_DATA";
  for (const auto* name : {"a", "b", "c"}) fs::copy_file(tiled, directory_ / name);
  const auto used = [&](ImageCache& cache, const char* name) {
    const auto image = open(cache, name);
    first_pixel(*image);
    EXPECT_GT(image->file->held(), 0);
    return image;
  };
  ImageCache cache({.unpacked = 1});
  const auto a = used(cache, "a");
  EXPECT_EQ(open(cache, "a"), a);
  used(cache, "b");
  EXPECT_NE(open(cache, "a"), a);
  ImageCache roomy({});
  const auto first = used(roomy, "a");
  used(roomy, "b");
  EXPECT_EQ(open(roomy, "a"), first);
}

TEST_F(Cache, AnImageKnowsTheStampOfItsFile) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  EXPECT_EQ(open(cache, "a")->stamp, file_stamp(directory_ / "a"));
  write("a", 2, 12);
  EXPECT_EQ(open(cache, "a")->stamp, file_stamp(directory_ / "a"));
}

/// A worker that lives for long holds no file that is gone.
TEST_F(Cache, LetsGoOfAFileThatIsGone) {
  write("a", 1);
  ImageCache cache({.open_files = 4});
  const std::weak_ptr<const OpenImage> image = open(cache, "a");
  fs::remove(directory_ / "a");
  EXPECT_FALSE(image.expired());
  EXPECT_FALSE(cache.open(directory_ / "a", -1, ""));
  EXPECT_TRUE(image.expired());
}

TEST_F(Cache, AnImageWithoutAWcsSaysSo) {
  test::write_picture(directory_ / "a", {.wcs = false});
  ImageCache cache({.open_files = 2});
  const auto image = open(cache, "a");
  EXPECT_FALSE(image->wcs);
  EXPECT_FALSE(image->wcs_error.empty());
}

/// A WCS that the adapter knows counts instead of the file's, whatever that says.
TEST_F(Cache, CardsThatAreGivenCount) {
  test::write_picture(directory_ / "bare", {.wcs = false});
  test::write_picture(directory_ / "lies", {.cards = {"A_ORDER =                    2",
                                                      "A_2_0   =                 0.01"}});
  const Cards cards{{"CTYPE1", "RA---TAN"}, {"CTYPE2", "DEC--TAN"}, {"CRVAL1", "10"},
                    {"CRVAL2", "-20"},      {"CRPIX1", "1"},        {"CRPIX2", "1"},
                    {"CDELT1", "-0.001"},   {"CDELT2", "0.001"},    {"FILTER", "u"}};
  ImageCache cache({.open_files = 4});
  for (const auto* name : {"bare", "lies"}) {
    const auto image = cache.open(directory_ / name, -1, "", cards);
    ASSERT_TRUE(image) << image.error().message;
    ASSERT_TRUE((*image)->wcs);
    const auto corner = (*image)->wcs->to_sky(sky::Pixel{0, 0});
    EXPECT_NEAR(corner.ra, 10, 1e-9);
    EXPECT_NEAR(corner.dec, -20, 1e-9);
    EXPECT_FALSE((*image)->wcs->distorted());
    EXPECT_EQ((*image)->carried.text("FILTER"), "u");
    EXPECT_EQ(cache.open(directory_ / name, -1, "", cards).value(), *image);
    EXPECT_NE(open(cache, name), *image);
  }
  EXPECT_EQ(cache.use().images_found, 2);
}

TEST(GivenCards, HaveValuesAsFitsWritesThem) {
  fits::Header header;
  for (const auto& [keyword, value] : Cards{{"A", "'1.0'"},
                                            {"B", "1.0"},
                                            {"C", "12"},
                                            {"D", "T"},
                                            {"E", "u"},
                                            {"F", "'it''s'"},
                                            {"G", "9007199254740993"},
                                            {"H", "'"},
                                            {"I", "''"},
                                            {"J", "'T'"}})
    put(keyword, value, header);
  const auto card = [&](std::size_t i) {
    const auto text = header.cards()[i].substr(10);
    return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
  };
  EXPECT_EQ(header.text("A"), "1.0");
  EXPECT_EQ(card(0).front(), '\'');
  EXPECT_EQ(header.number("B"), 1);
  EXPECT_NE(card(1).front(), '\'');
  EXPECT_EQ(header.integer("C"), 12);
  EXPECT_EQ(card(3).back(), 'T');
  EXPECT_NE(card(3).front(), '\'');
  EXPECT_EQ(header.text("E"), "u");
  EXPECT_EQ(header.text("F"), "it's");
  EXPECT_EQ(header.integer("G"), 9007199254740993);
  EXPECT_EQ(header.text("H"), "'");
  EXPECT_EQ(header.text("I"), "");
  EXPECT_EQ(card(9).front(), '\'');
}

TEST_F(Cache, CardsSayNothingOfHowPixelsAreStored) {
  write("a", 1);
  ImageCache cache({.open_files = 2});
  for (const auto* keyword : {"NAXIS1", "BITPIX", "BSCALE", "ZTILE1", "END", ""}) {
    const auto image = cache.open(directory_ / "a", -1, "", {{keyword, "2"}});
    ASSERT_FALSE(image) << keyword;
    EXPECT_EQ(image.error().code, ErrorCode::kPlugin);
  }
}

TEST_F(Cache, WhatCannotBeOpenedIsNoImage) {
  write("a", 1);
  ImageCache cache({.open_files = 2});
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(cache.open(directory_ / "a", 3, ""));
    EXPECT_FALSE(cache.open(directory_ / "a", -1, "NO_SUCH"));
    EXPECT_FALSE(cache.open(directory_ / "none", -1, ""));
  }
  EXPECT_TRUE(open(cache, "a"));
}

}  // namespace
}  // namespace recorte::cutout
