// SPDX-License-Identifier: BSD-3-Clause
//
// astropy is the judge (check_writing.py): checksums, verification, every pixel.
#include "core/encode/fits_writer.hpp"

#include "core/base/io.hpp"
#include "core/fits/file.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>

namespace recorte::encode {
namespace {

// A file that goes with its owner.
struct TempFile {
  TempFile() : fd(::mkstemp(path.data())) {}
  ~TempFile() { ::unlink(path.c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  std::string path = "/tmp/recorte-encode-XXXXXX";
  Fd fd;
};

// The pixel that check_writing.py expects at `index` of the HDU.
template <class T>
std::string pattern(std::int64_t count) {
  std::vector<T> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(static_cast<T>(i * 7919 % 251));
  return {reinterpret_cast<const char*>(out.data()), out.size() * sizeof(T)};
}

std::string pattern(int bitpix, std::int64_t count) {
  switch (bitpix) {
    case 8: return pattern<std::uint8_t>(count);
    case 16: return pattern<std::int16_t>(count);
    case 32: return pattern<std::int32_t>(count);
    case 64: return pattern<std::int64_t>(count);
    case -32: return pattern<float>(count);
    default: return pattern<double>(count);
  }
}

// Writes the pattern in strips of random height, in random order.
void write_image(FitsWriter& writer, const fits::Header& extra, int bitpix,
                 const std::vector<std::int64_t>& axes, std::mt19937& random) {
  ASSERT_TRUE(writer.begin(extra, bitpix, axes));
  std::int64_t planes = 1;
  for (std::size_t i = 2; i < axes.size(); ++i) planes *= axes[i];
  const auto pixels = pattern(bitpix, axes[0] * axes[1] * planes);
  const auto row = axes[0] * fits::bytes_of(bitpix);
  struct Strip {
    std::int64_t plane, y, rows;
  };
  std::vector<Strip> strips;
  for (std::int64_t plane = 0; plane < planes; ++plane)
    for (std::int64_t y = 0; y < axes[1];) {
      const auto rows = std::min<std::int64_t>(axes[1] - y, 1 + random() % 9);
      strips.push_back({plane, y, rows});
      y += rows;
    }
  std::ranges::shuffle(strips, random);
  for (const auto& strip : strips)
    ASSERT_TRUE(writer.rows(strip.plane, strip.y, strip.rows,
                            pixels.data() + (strip.plane * axes[1] + strip.y) * row, row));
  ASSERT_TRUE(writer.end());
}

bool have_astropy() { return std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") == 0; }

TEST(FitsWriter, SatisfiesAstropy) {
  if (!have_astropy()) GTEST_SKIP() << "/usr/bin/python3 has no astropy: install python3-astropy";
  std::mt19937 random(4);
  std::string files;
  std::vector<std::unique_ptr<TempFile>> kept;
  const auto next = [&] {
    kept.push_back(std::make_unique<TempFile>());
    files += " " + kept.back()->path;
    return kept.back()->fd.get();
  };
  fits::Header extra;
  extra.set_text("OBJECT", "M13");
  extra.set_number("CRPIX1", -3.25);
  extra.set_text("LONG", std::string(150, 'x'));
  for (const int bitpix : {8, 16, 32, 64, -32, -64}) {
    FitsWriter primary(next());
    write_image(primary, extra, bitpix, {37, 41}, random);
    FitsWriter several(next());
    ASSERT_TRUE(several.begin(extra, 8, {}));
    ASSERT_TRUE(several.end());
    write_image(several, extra, bitpix, {53, 29}, random);
    write_image(several, {}, bitpix, {5, 7, 3, 2}, random);
    write_image(several, extra, bitpix, {100001, 3}, random);  // rows larger than the buffer
    struct stat about {};
    ASSERT_EQ(::fstat(kept.back()->fd.get(), &about), 0);
    EXPECT_EQ(several.size(), about.st_size);
  }
  const auto script =
      (recorte::test::source_tree() / "tests/unit/encode/check_writing.py").string();
  EXPECT_EQ(std::system(("/usr/bin/python3 " + script + files).c_str()), 0);
}

TEST(FitsWriter, DropsStructuralCardsOfTheParent) {
  TempFile file;
  fits::Header extra;
  extra.set_integer("NAXIS1", 999);
  extra.set_text("CHECKSUM", "old");
  extra.set_text("OBJECT", "kept");
  FitsWriter writer(file.fd.get());
  ASSERT_TRUE(writer.begin(extra, 8, {2, 1}));
  ASSERT_TRUE(writer.rows(0, 0, 1, "ab", 2));
  ASSERT_TRUE(writer.end());
  const auto header = fits::File::open(file.path)->header(0);
  EXPECT_EQ(header->integer("NAXIS1"), 2);
  EXPECT_EQ(header->text("OBJECT"), "kept");
  EXPECT_NE(header->text("CHECKSUM"), "old");
  EXPECT_EQ(header->text("EXTEND"), "T");
}

TEST(FitsWriter, AmendsInPlace) {
  TempFile file;
  fits::Header extra;
  extra.set_integer("NCOMBINE", 0, "images used");
  extra.set_text("NOTE", "");
  FitsWriter writer(file.fd.get());
  fits::Header learnt;
  learnt.set_integer("NCOMBINE", 17);
  learnt.set_text("NOTE", "two images overlap", "learnt");
  EXPECT_FALSE(writer.amend(learnt));
  ASSERT_TRUE(writer.begin(extra, 8, {2, 1}));
  ASSERT_TRUE(writer.rows(0, 0, 1, "ab", 2));
  const auto before = writer.size();
  ASSERT_TRUE(writer.amend(learnt));
  EXPECT_EQ(writer.size(), before);
  for (const auto& [keyword, text] : {std::pair<std::string, std::string>{"UNKNOWN", "x"},
                                      {"NAXIS", "x"},
                                      {"NOTE", std::string(3000, 'x')}}) {
    fits::Header bad;
    bad.set_text(keyword, text);
    const auto amended = writer.amend(bad);
    ASSERT_FALSE(amended) << keyword;
    EXPECT_EQ(amended.error().code, ErrorCode::kInternal);
  }
  ASSERT_TRUE(writer.end());
  const auto opened = fits::File::open(file.path);
  const auto header = opened->header(0);
  EXPECT_EQ(header->integer("NCOMBINE"), 17);
  EXPECT_EQ(header->text("NOTE"), "two images overlap");
  EXPECT_THAT(header->joined(), testing::HasSubstr("17 / images used"));
  std::string pixels(2, ' ');
  ASSERT_TRUE(opened->read(*opened->image(0), 0, {0, 0, 2, 1}, 0, pixels.data(), 2));
  EXPECT_EQ(pixels, "ab");
}

TEST(FitsWriter, RefusesMisuse) {
  TempFile file;
  FitsWriter writer(file.fd.get());
  const std::string pixels(100, 'x');
  const auto internal = [](const Status& status) {
    return !status && status.error().code == ErrorCode::kInternal;
  };
  EXPECT_TRUE(internal(writer.end()));
  EXPECT_TRUE(internal(writer.rows(0, 0, 1, pixels.data(), 4)));
  EXPECT_TRUE(internal(writer.begin({}, 12, {2, 2})));
  EXPECT_TRUE(internal(writer.begin({}, 8, {1LL << 40, 1LL << 40})));
  ASSERT_TRUE(writer.begin({}, 8, {4, 4}));
  EXPECT_TRUE(internal(writer.begin({}, 8, {4, 4})));
  EXPECT_TRUE(internal(writer.rows(0, 3, 2, pixels.data(), 4)));
  EXPECT_TRUE(internal(writer.rows(1, 0, 1, pixels.data(), 4)));
  ASSERT_TRUE(writer.rows(0, 0, 2, pixels.data(), 4));
  EXPECT_TRUE(internal(writer.rows(0, 1, 1, pixels.data(), 4)));
  EXPECT_TRUE(internal(writer.end()));
  ASSERT_TRUE(writer.rows(0, 2, 2, pixels.data(), 4));
  EXPECT_TRUE(writer.end());
}

TEST(FitsWriter, ReportsADescriptorThatCannotBeWritten) {
  FitsWriter writer(-1);
  ASSERT_TRUE(writer.begin({}, 8, {4, 1}));
  ASSERT_TRUE(writer.rows(0, 0, 1, "abcd", 4));
  EXPECT_FALSE(writer.end());  // what is small is written as a whole
  FitsWriter large(-1);
  const std::vector<char> row(2 << 20);
  ASSERT_TRUE(large.begin({}, 8, {std::ssize(row), 1}));
  EXPECT_FALSE(large.rows(0, 0, 1, row.data(), std::ssize(row)));
}

}  // namespace
}  // namespace recorte::encode
