// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/seek_index.hpp"

#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

namespace recorte::survey {
namespace {

namespace fs = std::filesystem;

ImageRecord image(const std::string& path) {
  ImageRecord out;
  out.id = path;
  out.planes.push_back({"image", path, -1, "", -1});
  return out;
}

TEST(SeekIndex, KeepsAFileForEachCompressedImageThatThereIs) {
  const auto rice = recorte::test::survey_data() / "surveys/m13_compressions/m13_rice.fits";
  if (!fs::exists(rice)) GTEST_SKIP() << rice << " is not here; set RECORTE_TEST_DATA";
  test::TempDir dir;
  const auto seeks = seek_directory(dir.path / "a.index");
  EXPECT_EQ(seeks.filename(), "a.index.seek");
  for (const char* name : {"one.fits", "two.fits"}) fs::copy_file(rice, dir.path / name);
  test::write(dir.path / "plain.fits", test::fits_image(10, 0));
  test::write(dir.path / "broken.fits", "no FITS");
  std::size_t told = 0;
  const std::vector<ImageRecord> images{image("one.fits"),    image("two.fits"),
                                        image("two.fits"),    image("plain.fits"),
                                        image("broken.fits"), image("none.fits")};
  const auto first =
      index_seeks(dir.path, images, seeks, [&](std::size_t, std::size_t total) { told = total; });
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(told, 5U);
  EXPECT_EQ(first->files, 2);
  EXPECT_EQ(first->written, 2);
  EXPECT_EQ(first->removed, 0);
  EXPECT_GT(first->bytes, 2 * 300 * 8);
  ASSERT_EQ(first->failed.size(), 2U);
  EXPECT_THAT(first->failed[0].reason, testing::HasSubstr("broken.fits"));
  EXPECT_THAT(first->failed[1].reason, testing::HasSubstr("none.fits"));
  // One changed, one is of the survey no longer.
  fs::last_write_time(dir.path / "one.fits",
                      fs::last_write_time(dir.path / "one.fits") + std::chrono::seconds(1));
  const auto second = index_seeks(dir.path, {image("one.fits")}, seeks, {});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->files, 1);
  EXPECT_EQ(second->written, 1);
  EXPECT_EQ(second->removed, 2);
  // A directory that cannot be made.
  const auto bad = index_seeks(dir.path, {image("one.fits")}, dir.path / "one.fits", {});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recorte::survey
