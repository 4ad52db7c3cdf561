// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/cutout/image_cache.hpp"
#include "core/fits/seek_file.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>

namespace recorte::cutout {
namespace {

namespace fs = std::filesystem;

// The beginning of a row's stream is destroyed and the file's time set back: whoever enters the row
// at pixel 256, as the survey's places allow, sees nothing of it.
TEST(ImageSeek, ImagesAreEnteredByTheSurveysPlaces) {
  const auto rice = recorte::test::survey_data() / "surveys/m13_compressions/m13_rice.fits";
  if (!fs::exists(rice)) GTEST_SKIP() << rice << " is not here; set RECORTE_TEST_DATA";
  const test::TempDir directory;
  const auto path = directory / "a.fits", seeks = directory / "a.index.seek";
  fs::copy_file(rice, path);
  const auto time = fs::last_write_time(path);
  const auto first_row = [&](bool seek) -> std::array<std::int16_t, 20> {
    ImageCache cache({.open_files = 1});
    if (seek) cache.seek_in(seeks);
    const auto image = cache.open(path, -1, "");
    std::array<std::int16_t, 20> out{};
    if (image) (void)(*image)->file->read((*image)->info, 0, {270, 0, 20, 1}, 0, out.data(), 40);
    return out;
  };
  const auto good = first_row(false);
  ASSERT_TRUE(fits::make_seek_files(path, seeks));
  EXPECT_EQ(first_row(true), good);

  auto bytes = read_file(path).value();
  // The first tile's descriptor begins the table, behind two headers: its place in the heap, which
  // follows 300 rows.
  const auto descriptor = bytes.find("END     ", 2880) / 2880 * 2880 + 2880;
  const auto heap = descriptor + 300 * 8;
  for (std::size_t i = 8; i < 40; ++i) bytes[heap + i] = static_cast<char>(~bytes[heap + i]);
  {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));  // the same inode
    ASSERT_TRUE(pwrite_all(fd.get(), std::as_bytes(std::span(bytes)), 0));
  }
  fs::last_write_time(path, time);
  EXPECT_EQ(first_row(true), good);
  EXPECT_NE(first_row(false), good);
}

}  // namespace
}  // namespace recorte::cutout
