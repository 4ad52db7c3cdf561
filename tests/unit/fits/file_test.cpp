// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/file.hpp"

#include "fixtures.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <thread>

namespace recorte::fits {
namespace {

using namespace recorte::test;
using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> kPrimary{"SIMPLE  = T", "BITPIX  = 16", "NAXIS   = 2", "NAXIS1  = 4",
                                        "NAXIS2  = 3"};

// 4 x 3 pixels 0, 1, 2 ... 11.
std::string counting() {
  std::string out;
  for (char i = 0; i < 12; ++i) out += {'\0', i};
  return padded(out);
}

std::string image_file() { return header_block(kPrimary) + counting(); }

std::string extension(const std::string& name, int version = 1) {
  return header_block({"XTENSION= 'IMAGE   '", "BITPIX  = 16", "NAXIS   = 2", "NAXIS1  = 4",
                       "NAXIS2  = 3", "PCOUNT  = 0", "GCOUNT  = 1", "EXTNAME = '" + name + "'",
                       "EXTVER  = " + std::to_string(version)}) +
         counting();
}

class FileTest : public testing::Test {
 protected:
  Result<File> open(const std::string& bytes, const std::string& name = "a.fits") {
    spill(directory_ / name, bytes);
    return File::open((directory_ / name).string());
  }
  void refuses(const std::string& bytes, const std::string& why,
               ErrorCode code = ErrorCode::kData) {
    const auto file = open(bytes);
    ASSERT_FALSE(file) << "wanted: " << why;
    EXPECT_EQ(file.error().code, code) << file.error().message;
    EXPECT_THAT(file.error().message, AllOf(HasSubstr("a.fits"), HasSubstr(why)));
  }
  TempDir directory_;
};

std::vector<std::int16_t> read_all(const File& file, int hdu) {
  const auto image = file.image(hdu);
  std::vector<std::int16_t> out(static_cast<std::size_t>(image->width * image->height));
  EXPECT_TRUE(
      file.read(*image, 0, {0, 0, image->width, image->height}, 0, out.data(), image->width * 2));
  return out;
}

TEST_F(FileTest, DescribesEveryHdu) {
  const auto file = open(
      header_block({"SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"}) + extension("SCI") +
      extension("SCI", 2) +
      header_block({"XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 4",
                    "NAXIS2  = 2", "PCOUNT  = 0", "GCOUNT  = 1", "TFIELDS = 1", "TFORM1  = 'J'"}) +
      padded("12345678"));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->hdus().size(), 4U);
  EXPECT_TRUE(file->hdus()[0].is_image);
  EXPECT_TRUE(file->hdus()[0].axes.empty());
  EXPECT_EQ(file->hdus()[2].version, 2);
  EXPECT_FALSE(file->hdus()[3].is_image);
  EXPECT_EQ(file->image(-1)->hdu.number, 1);
  EXPECT_EQ(file->find_hdu("sci"), 1);
  EXPECT_EQ(file->find_hdu("SCI,2"), 2);
  const auto missing = file->find_hdu("ERR");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, AllOf(HasSubstr("'ERR'"), HasSubstr("SCI")));
  EXPECT_EQ(file->image(3).error().code, ErrorCode::kUsage);
  EXPECT_EQ(file->image(0).error().code, ErrorCode::kUsage);
  EXPECT_EQ(file->image(9).error().code, ErrorCode::kUsage);
  EXPECT_EQ(file->header(3)->text("TFORM1"), "J");
}

TEST_F(FileTest, ReadsARectangleWithItsStride) {
  const auto file = open(image_file());
  ASSERT_TRUE(file);
  const auto image = file->image(0);
  std::array<std::int16_t, 6> out{-1, -1, -1, -1, -1, -1};
  ASSERT_TRUE(file->read(*image, 0, {1, 1, 2, 2}, 0, out.data(), 6));
  EXPECT_THAT(out, testing::ElementsAre(5, 6, -1, 9, 10, -1));
  std::array<float, 2> floats{};
  ASSERT_TRUE(file->read(*image, 0, {3, 2, 1, 1}, -32, floats.data(), 8));
  EXPECT_EQ(floats[0], 11);
  for (const sky::PixelRect bad : {sky::PixelRect{-1, 0, 2, 2}, {3, 0, 2, 1}, {0, 0, 0, 1}})
    EXPECT_EQ(file->read(*image, 0, bad, 0, out.data(), 6).error().code, ErrorCode::kInternal);
  EXPECT_EQ(file->read(*image, 1, {0, 0, 1, 1}, 0, out.data(), 2).error().code,
            ErrorCode::kInternal);
}

TEST_F(FileTest, NeverInterpretsTheName) {
  for (const char* name : {"a[1].fits", "b.fits+2", " c (x).fits", "~d", "e.fits.gz", "f.bz2"}) {
    const auto file = open(image_file(), name);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(read_all(*file, 0)[11], 11);
  }
}

TEST_F(FileTest, AcceptsMissingPaddingAndWhatFollows) {
  const auto whole = header_block(kPrimary) + counting();
  for (const auto& bytes : {whole.substr(0, 2880 + 24), whole + std::string(100, 'x'),
                            whole + std::string(5000, '\0')}) {
    const auto file = open(bytes);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->hdus().size(), 1U);
    EXPECT_EQ(read_all(*file, 0)[11], 11);
  }
}

TEST_F(FileTest, RefusesWhatIsTruncated) {
  refuses(image_file().substr(0, 2880 + 23), "HDU 0 is truncated");
  refuses(image_file().substr(0, 2000), "HDU 0 is truncated");
  refuses(image_file() + extension("SCI").substr(0, 2880 + 10), "HDU 1 (SCI) is truncated");
  refuses(image_file() + extension("SCI").substr(0, 1000), "HDU 1 is truncated");
}

TEST_F(FileTest, RefusesWhatIsNoFits) {
  refuses("", "SIMPLE");
  refuses("hello", "SIMPLE");
  refuses(std::string(100000, '\0'), "SIMPLE");
  refuses(card("SIMPLE  = T") + std::string(100000, '\x01'), "not text");
  EXPECT_EQ(File::open((directory_ / "none").string()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(File::open(directory_.path().string()).error().code, ErrorCode::kData);
}

TEST_F(FileTest, RefusesLyingHeaders) {
  const auto with = [&](const std::string& text) {
    auto cards = kPrimary;
    for (auto& old : cards)
      if (old.substr(0, 8) == text.substr(0, 8)) old = text;
    return header_block(cards) + counting();
  };
  refuses(with("NAXIS2  = 4000000000000000000"), "absurd");
  refuses(with("NAXIS2  = 400000000000"), "truncated");
  refuses(with("NAXIS1  = -4"), "NAXIS1");
  refuses(with("NAXIS   = 1000000"), "NAXIS");
  refuses(with("NAXIS   = 3"), "NAXIS3");
  refuses(with("BITPIX  = 17"), "BITPIX 17");
}

TEST_F(FileTest, RefusesLyingTiles) {
  RECORTE_NEED_SURVEYS();
  const auto good = slurp(surveys() / "m13_compressions/m13_rice.fits");
  const auto with = [&](const std::string& text) {
    auto bytes = good;
    bytes.replace(bytes.find(text.substr(0, 10)), 80, card(text));
    return bytes;
  };
  refuses(with("ZNAXIS1 = 3000000000000"), "compressed tiles");
  refuses(with("ZTILE1  = 0"), "ZTILE1");
  refuses(with("ZTILE1  = 600000000"), "unpacked at once");
  refuses(with("PCOUNT  = 60000"), "truncated");
}

TEST_F(FileTest, NamesTheTilesThatCannotBeUnpacked) {
  RECORTE_NEED_SURVEYS();
  auto bytes = slurp(surveys() / "m13_compressions/m13_gzip.fits");
  std::fill(bytes.begin() + 20000, bytes.end() - 20000, '\x5a');
  const auto file = open(bytes);
  ASSERT_TRUE(file) << file.error().message;
  const auto image = file->image(-1);
  std::vector<std::int16_t> out(300);
  const auto read = file->read(*image, 0, {0, 99, 300, 1}, 0, out.data(), 600);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kData);
  EXPECT_THAT(read.error().message, AllOf(HasSubstr("a.fits"), HasSubstr("HDU 1")));
}

TEST_F(FileTest, RefusesTilesOutsideTheFile) {
  RECORTE_NEED_SURVEYS();
  auto bytes = slurp(surveys() / "m13_compressions/m13_plio.fits");
  // The descriptor of the second tile: the header of HDU 1 ends at byte 8640.
  bytes[8640 + 8] = '\x20';
  const auto file = open(bytes);
  ASSERT_TRUE(file) << file.error().message;
  std::vector<std::int16_t> out(900);
  const auto image = file->image(-1);
  EXPECT_TRUE(file->read(*image, 0, {0, 2, 300, 1}, 0, out.data(), 600));  // the third is good
  const auto read = file->read(*image, 0, {0, 0, 300, 3}, 0, out.data(), 600);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message,
              AllOf(HasSubstr("a.fits"), HasSubstr("tile 2: it lies outside the data")));
}

TEST_F(FileTest, RefusesBrokenArchives) {
  RECORTE_NEED_SURVEYS();
  const auto gz = slurp(surveys() / "herschel_spire_3band/hspireplw1342201247.fits.gz");
  const auto bz = slurp(surveys() / "sdss_reprojected_gri/reprojected_sdss_g.fits.bz2");
  refuses(gz.substr(0, gz.size() - 5), "truncated gzip");
  refuses(bz.substr(0, bz.size() / 2), "truncated bzip2");
  auto damaged = gz;
  damaged[damaged.size() - 6] ^= 1;
  refuses(damaged, "damaged gzip");
  damaged = bz;
  damaged[damaged.size() / 2] ^= 1;
  refuses(damaged, "damaged bzip2");
}

TEST_F(FileTest, ReadsTheSameFromFourCompressions) {
  RECORTE_NEED_SURVEYS();
  const auto path = [](const std::string& suffix) {
    return (surveys() / ("m13_compressions/m13" + suffix + ".fits")).string();
  };
  const auto plain = read_all(*File::open(path("")), -1);
  EXPECT_GT(std::accumulate(plain.begin(), plain.end(), 0LL), 0);
  for (const char* suffix : {"_gzip", "_hcomp", "_plio", "_rice"})
    EXPECT_EQ(read_all(*File::open(path(suffix)), -1), plain) << suffix;
}

TEST_F(FileTest, ReadsUnsignedPlioAsCfitsioPacksIt) {
  RECORTE_NEED_SURVEYS();
  auto bytes = slurp(surveys() / "m13_compressions/m13_plio.fits");
  const auto end = bytes.find(card("END"), 2880);
  bytes.replace(end, 160, card("BZERO   = 32768") + card("END"));
  const auto file = open(bytes);
  ASSERT_TRUE(file) << file.error().message;
  const auto plain = read_all(*File::open((surveys() / "m13_compressions/m13.fits").string()), -1);
  const auto stored = read_all(*file, -1);
  EXPECT_EQ(stored[300], plain[300] - 32768);
  std::vector<float> scaled(300);
  ASSERT_TRUE(file->read(*file->image(-1), 0, {0, 1, 300, 1}, -32, scaled.data(), 1200));
  EXPECT_EQ(scaled[0], plain[300]);
}

TEST_F(FileTest, ServesSeveralThreadsWithAFileEach) {
  RECORTE_NEED_SURVEYS();
  const auto path = (surveys() / "m13_compressions/m13_rice.fits").string();
  const auto expected = read_all(*File::open(path), 1);
  std::array<bool, 4> good{};
  {
    std::vector<std::jthread> threads;
    for (auto& ok : good)
      threads.emplace_back([&] {
        ok = true;
        for (int i = 0; i < 5; ++i) {
          const auto file = File::open(path);
          ok = ok && file && read_all(*file, 1) == expected;
        }
      });
  }
  EXPECT_THAT(good, testing::Each(true));
}

}  // namespace
}  // namespace recorte::fits
