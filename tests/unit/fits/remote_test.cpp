// SPDX-License-Identifier: BSD-3-Clause
//
// Files that lie elsewhere give the pixels of those that lie here, and what is read of them was
// named before, so that it can come in few requests.
#include "core/fits/remote_file.hpp"
#include "made_tiles.hpp"

#include <gmock/gmock.h>

#include <cstring>

namespace recorte::test {
namespace {

using fits::Extent;
using testing::HasSubstr;

/// A file on disk, as if it lay elsewhere.
class Elsewhere : public fits::RemoteFile {
 public:
  struct Log {
    std::vector<Extent> expected, read;
    std::int64_t fails_after = -1;  ///< so many reads; -1: never
  };
  Elsewhere(const fs::path& file, Log& log) : bytes_(slurp(file)), log_(log) {}

  std::int64_t size() const override { return std::ssize(bytes_); }
  FileStamp stamp() const override { return {size(), 1, 2}; }
  Status read(std::int64_t offset, void* out, std::int64_t size) override {
    if (log_.fails_after >= 0 && std::ssize(log_.read) >= log_.fails_after)
      return fail(ErrorCode::kUnavailable, "far.fits cannot be read: its server is tired");
    EXPECT_GE(offset, 0);
    EXPECT_LE(offset + size, std::ssize(bytes_));
    log_.read.push_back({offset, size});
    std::memcpy(out, bytes_.data() + offset, static_cast<std::size_t>(size));
    return {};
  }
  void expect(std::span<const Extent> extents) override {
    log_.expected.insert(log_.expected.end(), extents.begin(), extents.end());
  }

 private:
  static std::string slurp(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string bytes_;
  Log& log_;
};

Result<fits::File> far(const fs::path& file, Elsewhere::Log& log) {
  return fits::File::open(std::make_unique<Elsewhere>(file, log), "far.fits");
}

class RemoteFits : public MadeTiles {};

TEST_F(RemoteFits, EveryKindOfTileIsThatOfTheDisk) {
  if (!have_astropy()) GTEST_SKIP() << "no astropy to make tiles with";
  std::mt19937 random(5);
  for (const auto& path : made_files()) {
    const auto here = fits::File::open(path);
    Elsewhere::Log log;
    const auto there = far(path, log);
    ASSERT_TRUE(there) << path << there.error().message;
    const auto image = *here->image(-1);
    for (int i = 0; i < 8; ++i) {
      const auto rect = any_rect(random, image);
      EXPECT_EQ(read(*there, image, 0, rect).value(), read(*here, image, 0, rect).value()) << path;
    }
  }
}

TEST_F(RemoteFits, WhatIsReadOfPixelsWasNamedBefore) {
  if (!have_astropy()) GTEST_SKIP() << "no astropy to make tiles with";
  for (const auto& path : made_files()) {
    Elsewhere::Log log;
    const auto file = far(path, log);
    const auto image = *file->image(-1);
    log.read.clear();
    const sky::PixelRect all{0, 0, image.width, image.height};
    ASSERT_TRUE(read(*file, image, 0, all)) << path;
    EXPECT_FALSE(log.expected.empty()) << path;
    // The table's own rows come by the way.
    std::int64_t expected = 0, pixels = 0;
    for (const auto& extent : log.expected) expected += extent.size;
    for (const auto& extent : log.read)
      for (const auto& named : log.expected)
        if (named.offset >= extent.offset &&
            named.offset + named.size <= extent.offset + extent.size)
          pixels += named.size;
    EXPECT_GE(pixels, expected) << path;
  }
}

class PlainRemote : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }
  /// 20 x 10 shorts, each its place.
  static std::string image() {
    std::string out;
    for (const std::string card :
         {"SIMPLE  =                    T", "BITPIX  =                   16",
          "NAXIS   =                    2", "NAXIS1  =                   20",
          "NAXIS2  =                   10", "END"})
      out += card + std::string(80 - card.size(), ' ');
    out.resize(2880, ' ');
    for (int i = 0; i < 200; ++i) out += {'\0', static_cast<char>(i)};
    out.resize(5760, '\0');
    return out;
  }
  TempDir directory_;
  Elsewhere::Log log_;
};

TEST_F(PlainRemote, RowsAreNamedAndReadAlone) {
  write("plain.fits", image());
  const auto file = far(directory_ / "plain.fits", log_);
  ASSERT_TRUE(file) << file.error().message;
  log_.read.clear();
  std::array<std::int16_t, 6> pixels{};
  ASSERT_TRUE(file->read(*file->image(-1), 0, {4, 2, 3, 2}, 0, pixels.data(), 6));
  EXPECT_THAT(pixels, testing::ElementsAre(44, 45, 46, 64, 65, 66));
  ASSERT_EQ(log_.expected.size(), 2U);
  EXPECT_EQ(log_.expected[1].offset, 2880 + 2 * 64);
  EXPECT_EQ(log_.expected[1].size, 6);
}

TEST_F(PlainRemote, OneThatEndsEarlyIsSaid) {
  write("cut.fits", image().substr(0, 3000));
  const auto cut = far(directory_ / "cut.fits", log_);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, HasSubstr("far.fits is not a good FITS file"));
  write("empty.fits", "");
  EXPECT_FALSE(far(directory_ / "empty.fits", log_));
}

TEST_F(PlainRemote, ItsErrorsKeepTheirKind) {
  write("plain.fits", image());
  for (log_.fails_after = 0; log_.fails_after < 3; ++log_.fails_after) {
    log_.read.clear();
    const auto file = far(directory_ / "plain.fits", log_);
    ASSERT_FALSE(file) << log_.fails_after;
    EXPECT_EQ(file.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(file.error().message, HasSubstr("its server is tired"));
  }
}

TEST(RemoteUri, IsToldFromAPathAndShownWithoutItsQuery) {
  for (const char* uri : {"https://a.org/b", "http://a.org/b", "s3://a/b"})
    EXPECT_TRUE(fits::is_remote(uri)) << uri;
  for (const char* path : {"/a/b", "file:///a/b", "a.fits", "ftp://a/b", "", "https:/a"})
    EXPECT_FALSE(fits::is_remote(path)) << path;
  EXPECT_EQ(fits::shown_uri("https://a.org/b?key=secret"), "https://a.org/b");
  EXPECT_EQ(fits::shown_uri("/data/what?.fits"), "/data/what?.fits");
}

}  // namespace
}  // namespace recorte::test
