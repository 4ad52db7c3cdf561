// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/image_cache.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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
  test::TempDir directory_;
};

TEST_F(Cache, OpensOnce) {
  write("a", 1);
  ImageCache cache(4);
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
  ImageCache cache(4);
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
  ImageCache cache(4);
  open(cache, "a");
  write("a", 2, 12);
  EXPECT_EQ(open(cache, "a")->info.width, 12);
  write("a", 3, 12);
  fs::last_write_time(directory_ / "a", fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(first_pixel(*open(cache, "a")), 3);
}

TEST_F(Cache, NoticesAFileThatIsGoneAndComesBack) {
  write("a", 1);
  ImageCache cache(4);
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
  ImageCache cache(2);
  const auto a = open(cache, "a");
  const auto b = open(cache, "b");
  EXPECT_EQ(open(cache, "a"), a);
  open(cache, "c");  // b goes
  EXPECT_EQ(open(cache, "a"), a);
  EXPECT_NE(open(cache, "b"), b);
}

TEST_F(Cache, OfNoFilesStillOpensOne) {
  write("a", 1);
  ImageCache cache(0);
  EXPECT_EQ(first_pixel(*open(cache, "a")), 1);
}

TEST_F(Cache, AnImageWithoutAWcsSaysSo) {
  test::write_picture(directory_ / "a", {.wcs = false});
  ImageCache cache(2);
  const auto image = open(cache, "a");
  EXPECT_FALSE(image->wcs);
  EXPECT_FALSE(image->wcs_error.empty());
}

TEST_F(Cache, WhatCannotBeOpenedIsNoImage) {
  write("a", 1);
  ImageCache cache(2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(cache.open(directory_ / "a", 3, ""));
    EXPECT_FALSE(cache.open(directory_ / "a", -1, "NO_SUCH"));
    EXPECT_FALSE(cache.open(directory_ / "none", -1, ""));
  }
  EXPECT_TRUE(open(cache, "a"));
}

}  // namespace
}  // namespace recorte::cutout
