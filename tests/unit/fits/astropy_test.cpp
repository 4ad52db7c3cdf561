// SPDX-License-Identifier: BSD-3-Clause
//
// Everything that is read here is read again by astropy (check_reading.py), which must agree.
#include "core/fits/cutout_header.hpp"
#include "core/fits/file.hpp"
#include "fixtures.hpp"
#include "tests/unit/tree.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

namespace recorte::fits {
namespace {

using namespace recorte::test;

const fs::path kHere = source_tree() / "tests/unit/fits";

// Writes what `check_reading.py` compares, a line and some files for each rectangle.
class Journal {
 public:
  explicit Journal(const TempDir& directory) : directory_(directory) {
    lines_.open(directory / "journal");
  }

  void add(const File& file, const ImageInfo& image, std::int64_t plane,
           const sky::PixelRect& rect) {
    const auto number = std::to_string(count_++);
    for (const int bitpix : {0, -64}) {
      const auto row = rect.width * bytes_of(bitpix == 0 ? image.hdu.bitpix : bitpix) + 8;
      std::string out(static_cast<std::size_t>(row * rect.height), '\x55');
      const auto read = file.read(image, plane, rect, bitpix, out.data(), row);
      ASSERT_TRUE(read) << read.error().message;
      spill(directory_ / (number + (bitpix == 0 ? ".stored" : ".scaled")), out);
    }
    spill(directory_ / (number + ".header"), image.header.joined());
    line(number, file, image, plane, rect);
  }
  // A rectangle that leaves the image: no pixels, only its header.
  void add_header(const File& file, const ImageInfo& image, const sky::PixelRect& rect) {
    line(std::to_string(count_++), file, image, -1, rect);
  }
  int count() const { return count_; }
  void close() { lines_.close(); }

 private:
  void line(const std::string& number, const File& file, const ImageInfo& image, std::int64_t plane,
            const sky::PixelRect& rect) {
    spill(directory_ / (number + ".cut"), cutout_header(image.header, rect).joined());
    lines_ << number << '\t' << file.path() << '\t' << image.hdu.number << '\t' << plane << '\t'
           << rect.x << '\t' << rect.y << '\t' << rect.width << '\t' << rect.height << '\t'
           << image.hdu.bitpix << '\n';
  }

  const TempDir& directory_;
  std::ofstream lines_;
  int count_ = 0;
};

void read_everything(const fs::path& path, Journal& journal, std::mt19937& random) {
  SCOPED_TRACE(path);
  const auto file = File::open(path);
  ASSERT_TRUE(file) << file.error().message;
  const auto any = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (const auto& hdu : file->hdus()) {
    const auto image = file->image(hdu.number);
    ASSERT_EQ(image.has_value(), hdu.is_image && hdu.axes.size() >= 2);
    if (!image) continue;
    for (int i = 0; i < 2; ++i) {  // one anywhere, one of whole rows
      sky::PixelRect rect{any(0, image->width - 1), any(0, image->height - 1), 0, 0};
      rect.width = any(1, std::min<std::int64_t>(300, image->width - rect.x));
      rect.height = any(1, std::min<std::int64_t>(300, image->height - rect.y));
      if (i == 1) rect = {0, rect.y, image->width, std::min<std::int64_t>(rect.height, 20)};
      journal.add(*file, *image, any(0, image->planes - 1), rect);
    }
    journal.add_header(*file, *image, {any(-500, -1), any(-500, -1), 100, 100});
  }
}

TEST(Astropy, ReadsTheSameFromEverySurveyFile) {
  RECORTE_NEED_SURVEYS();
  RECORTE_NEED_ASTROPY();
  TempDir directory;
  Journal journal(directory);
  std::mt19937 random(20261122);
  for (const auto& path : survey_files()) read_everything(path, journal, random);
  journal.close();
  EXPECT_GT(journal.count(), 200);
  EXPECT_EQ(run_python(kHere / "check_reading.py", directory.path().string()), 0);
}

TEST(Astropy, ReadsTheSameFromEveryKindOfPixel) {
  RECORTE_NEED_ASTROPY();
  TempDir directory;
  ASSERT_EQ(run_python(kHere / "make_kinds.py", (directory / "kinds").string()), 0);
  Journal journal(directory);
  std::mt19937 random(7);
  int files = 0;
  ASSERT_EQ(run_python(kHere / "make_tiles.py", (directory / "tiles").string()), 0);
  for (const char* made : {"kinds", "tiles"})
    for (const auto& entry : fs::directory_iterator(directory / made)) {
      read_everything(entry.path(), journal, random);
      ++files;
    }
  journal.close();
  EXPECT_GE(files, 30);
  EXPECT_EQ(run_python(kHere / "check_reading.py", directory.path().string()), 0);
}

TEST(Astropy, ReadsBackEveryCardWritten) {
  RECORTE_NEED_ASTROPY();
  TempDir directory;
  Header header;
  header.set_bool("SIMPLE", true);
  header.set_integer("BITPIX", 8);
  header.set_integer("NAXIS", 0);
  std::ofstream expected(directory / "expected");
  const auto text = [&](const std::string& keyword, const std::string& value) {
    header.set_text(keyword, value, "of text");
    expected << "text\t" << keyword << '\t' << value << '\n';
  };
  const auto number = [&](const std::string& keyword, double value) {
    header.set_number(keyword, value, "of number");
    expected << "number\t" << keyword << '\t' << std::hexfloat << value << '\n';
  };
  text("SHORT", "a");
  text("EMPTY", "");
  text("QUOTE", "it's 'quoted'");
  for (int length = 55; length < 75; ++length)
    text("LEN" + std::to_string(length), std::string(static_cast<std::size_t>(length), 'x'));
  // astropy 5.2 halves runs of quotes twice in CONTINUE cards: it is given single ones.
  for (int length = 40; length < 72; ++length) {
    std::string quotes;
    for (int i = 0; i < length; ++i) quotes += i % 2 ? '\'' : 'q';
    text("QUO" + std::to_string(length), quotes + ".");
  }
  std::string words;
  for (int i = 0; i < 60; ++i) words += "word's " + std::to_string(i) + " & / ";
  text("WORDS", words + "end");
  text("ESO DET CHIP NAME", "a short one");
  text("lower case key", "upper in the card");
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    double value = 0;
    do {
      const auto bits = random();
      std::memcpy(&value, &bits, sizeof value);
    } while (!std::isfinite(value));
    number("N" + std::to_string(i), value);
  }
  for (const double value : {0.0, -0.0, 1.0, 150.5, 1e22, 1e300, 5e-324, 0.1, -123456789.123})
    number("M" + std::to_string(header.cards().size()), value);
  number("ESO TEL ALT", -2.2250738585072014e-308);
  header.add_comment("HISTORY", std::string(200, 'h') + "\nsecond line");
  expected.close();
  spill(directory / "header", header.joined());
  EXPECT_EQ(run_python(kHere / "check_cards.py", directory.path().string()), 0);
}

}  // namespace
}  // namespace recorte::fits
