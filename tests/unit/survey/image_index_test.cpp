// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/image_index.hpp"

#include "core/survey/index_layout.hpp"
#include "support.hpp"
#include "tests/unit/random.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <random>
#include <set>

namespace recorte::survey {
namespace {

using testing::HasSubstr;

ImageRecord image_at(const std::string& id, const std::string& band, double ra, double dec,
                     double size = 0.1) {
  ImageRecord image;
  image.id = id;
  image.band = band;
  image.planes.push_back({"image", id + ".fits", 1, "", -1});
  const double half = size / 2, wide = half / std::cos(dec * sky::kDegree);
  const std::vector<sky::Position> corners{{ra - wide, dec - half},
                                           {ra + wide, dec - half},
                                           {ra + wide, dec + half},
                                           {ra - wide, dec + half}};
  image.footprint = sky::footprint_of(corners, 0.001);
  return image;
}

std::vector<std::string> ids(const ImageIndex& index, double ra, double dec, double radius,
                             std::string_view band = "") {
  std::vector<std::string> out;
  index.find({sky::to_vector({ra, dec}), radius}, band,
             [&](const ImageRecord& image) { out.push_back(image.id); });
  return out;
}

TEST(ImageIndex, GivesBackEveryField) {
  test::TempDir dir;
  auto image = image_at("a/b[SCI,2]", "g", 10, 20);
  image.version = "v1";
  image.unit = "nJy";
  image.access_group = "partners";
  image.planes.push_back({"mask", "m.fits", -1, "MSK", 3});
  image.width = 4000;
  image.height = 3000;
  image.pixel_scale = 1e-4;
  image.t_min = 57000.5;
  image.t_max = 57000.6;
  image.exptime = 90;
  image.zeropoint = 30;
  ASSERT_TRUE(write_image_index(dir.path / "x.index", {image, image_at("other", "r", 11, 20)}));
  const auto index = ImageIndex::open(dir.path / "x.index");
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->size(), 2U);
  const auto found = index->image("a/b[SCI,2]");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->band, "g");
  EXPECT_EQ(found->version, "v1");
  EXPECT_EQ(found->unit, "nJy");
  EXPECT_EQ(found->access_group, "partners");
  ASSERT_EQ(found->planes.size(), 2U);
  EXPECT_EQ(found->planes[0].path, "a/b[SCI,2].fits");
  EXPECT_EQ(found->planes[0].hdu, 1);
  EXPECT_EQ(found->planes[1].role, "mask");
  EXPECT_EQ(found->planes[1].extname, "MSK");
  EXPECT_EQ(found->planes[1].hdu, -1);
  EXPECT_EQ(found->planes[1].cube_plane, 3);
  EXPECT_EQ(found->width, 4000);
  EXPECT_EQ(found->height, 3000);
  EXPECT_EQ(found->pixel_scale, 1e-4);
  EXPECT_EQ(found->t_min, 57000.5);
  EXPECT_EQ(found->t_max, 57000.6);
  EXPECT_EQ(found->exptime, 90);
  EXPECT_EQ(found->zeropoint, 30);
  EXPECT_EQ(found->footprint.cap.centre, image.footprint.cap.centre);
  EXPECT_EQ(found->footprint.cap.radius, image.footprint.cap.radius);
  EXPECT_EQ(found->footprint.outline, image.footprint.outline);
  EXPECT_TRUE(std::isnan(index->image("other")->t_min));
  const auto missing = index->image("nobody");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST(ImageIndex, FindsByPlaceAndBand) {
  test::TempDir dir;
  ASSERT_TRUE(write_image_index(dir.path / "x",
                                {image_at("zero-g", "g", 0, 0), image_at("zero-r", "r", 359.98, 0),
                                 image_at("pole", "g", 40, 89.97), image_at("far", "g", 180, 0)}));
  const auto index = *ImageIndex::open(dir.path / "x");
  EXPECT_EQ(ids(index, 359.99, 0, 0.01), (std::vector<std::string>{"zero-g", "zero-r"}));
  EXPECT_EQ(ids(index, 0.01, 0, 0.001, "r"), std::vector<std::string>{"zero-r"});
  EXPECT_EQ(ids(index, 220, 89.999, 0.05, "g"), std::vector<std::string>{"pole"});
  EXPECT_TRUE(ids(index, 0, 0, 0.01, "z").empty());
  EXPECT_TRUE(ids(index, 90, 0, 0.01).empty());
  // Inside the cap of "far", outside its outline.
  EXPECT_TRUE(ids(index, 180.06, 0, 0.001).empty());
}

TEST(ImageIndex, RefusesWhatIsNone) {
  test::TempDir dir;
  const auto path = dir.path / "x.index";
  EXPECT_EQ(ImageIndex::open(path).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(write_image_index(path, {image_at("a", "g", 1, 2), image_at("b", "g", 3, 4)}));
  const auto good = test::read(path);
  for (const auto& bytes : {std::string(), std::string("SIMPLE"), good.substr(0, good.size() - 1),
                            good + "x", std::string(good.size(), '\0')}) {
    test::write(path, bytes);
    const auto index = ImageIndex::open(path);
    ASSERT_FALSE(index) << bytes.size();
    EXPECT_EQ(index.error().code, ErrorCode::kData);
    EXPECT_THAT(index.error().message, HasSubstr("again"));
  }
}

TEST(ImageIndex, AnIdThatNoImageHasIsNotThatOfOneThatIsNotThere) {
  test::TempDir dir;
  const auto path = dir.path / "x.index";
  ASSERT_TRUE(write_image_index(path, {image_at("a", "g", 1, 1)}));
  auto bytes = test::read(path);
  Head head;
  std::memcpy(&head, bytes.data(), sizeof head);
  std::memset(bytes.data() + head.by_id.offset, 0xFF, head.by_id.bytes);
  test::write(path, bytes);
  const auto index = ImageIndex::open(path);
  ASSERT_TRUE(index);
  EXPECT_FALSE(index->image(""));
  EXPECT_FALSE(index->image("a"));
}

TEST(ImageIndex, BrokenBytesNeverCrash) {
  test::TempDir dir;
  const auto path = dir.path / "x.index";
  std::vector<ImageRecord> images;
  for (int i = 0; i < 40; ++i) images.push_back(image_at("i" + std::to_string(i), "g", i, i));
  ASSERT_TRUE(write_image_index(path, images));
  const auto good = test::read(path);
  std::mt19937 random(recorte::test::seed(7));
  for (int round = 0; round < 500; ++round) {
    auto bytes = good;
    for (int k = 0; k < 4; ++k)
      bytes[24 + random() % (bytes.size() - 24)] = static_cast<char>(random());
    test::write(path, bytes);
    const auto index = ImageIndex::open(path);
    if (!index) continue;
    std::size_t total = 0;
    index->find({{1, 0, 0}, 180}, "",
                [&](const ImageRecord& image) { total += image.planes.size(); });
    for (std::uint32_t i = 0; i < index->size(); ++i) total += index->at(i).id.size();
    (void)index->image("i7");
    EXPECT_LT(total, 1U << 30);
  }
}

TEST(ImageIndex, TwoOfOneNameAreABug) {
  test::TempDir dir;
  EXPECT_FALSE(
      write_image_index(dir.path / "x", {image_at("a", "g", 1, 2), image_at("a", "r", 1, 2)}));
}

TEST(ImageIndex, AHundredThousandOpenAndAnswerAtOnce) {
  test::TempDir dir;
  std::mt19937 random(recorte::test::seed(1));
  std::uniform_real_distribution<double> turn(0, 360), height(-0.95, 0.95);
  std::vector<ImageRecord> images;
  std::vector<sky::Position> places;
  for (int i = 0; i < 100'000; ++i) {
    places.push_back({turn(random), std::asin(height(random)) / sky::kDegree});
    images.push_back(image_at("image" + std::to_string(i), i % 2 ? "g" : "r", places.back().ra,
                              places.back().dec, 0.5));
  }
  ASSERT_TRUE(write_image_index(dir.path / "x", images));
  const auto clock = [] { return std::chrono::steady_clock::now(); };
  const auto begin = clock();
  const auto index = ImageIndex::open(dir.path / "x");
  const auto opened = clock();
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_LT(opened - begin, std::chrono::milliseconds(250));
  for (int k = 0; k < 200; ++k) {
    const auto number = random() % images.size();
    const auto found = ids(*index, places[number].ra, places[number].dec, 0.02);
    EXPECT_THAT(found, testing::Contains(images[number].id));
    EXPECT_LT(found.size(), 60U);
  }
  EXPECT_LT((clock() - opened) / 200, std::chrono::milliseconds(5));
}

}  // namespace
}  // namespace recorte::survey
