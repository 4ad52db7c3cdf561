// SPDX-License-Identifier: BSD-3-Clause
//
// Files of places in Rice's code that lie, their checksums in order: pixels or an error come of
// them, and the right pixels where there are no places, and before the first.
#include "core/fits/file.hpp"
#include "core/fits/layout.hpp"
#include "core/fits/seek_file.hpp"
#include "fits_text.hpp"
#include "tests/unit/fits/rice_streams.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace recorte::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kWidth = 1200;

/// A row of pixels in one tile of Rice's code.
std::string image() {
  std::mt19937 random(1);
  const auto tile = test::any_stream(random, {32, 4}, static_cast<std::size_t>(kWidth));
  std::string descriptor(8, '\0');
  descriptor[2] = static_cast<char>(tile.size() >> 8);
  descriptor[3] = static_cast<char>(tile.size());
  return fits_of(
      "SIMPLE  = T\nBITPIX  = 8\nNAXIS   = 0\n~~\nXTENSION= 'BINTABLE'\nBITPIX  = 8\n"
      "NAXIS   = 2\nNAXIS1  = 8\nNAXIS2  = 1\nPCOUNT  = " +
      std::to_string(tile.size()) +
      "\nGCOUNT  = 1\nTFIELDS = 1\nTTYPE1  = 'COMPRESSED_DATA'\nTFORM1  = '1PB'\n"
      "ZIMAGE  = T\nZBITPIX = 32\nZNAXIS  = 2\nZNAXIS1 = 1200\nZNAXIS2 = 1\n"
      "ZCMPTYPE= 'RICE_1'\nZNAME1  = 'BLOCKSIZE'\nZVAL1   = 32\nZNAME2  = 'BYTEPIX'\n"
      "ZVAL2   = 4\n\n" +
      descriptor + std::string(tile.begin(), tile.end()));
}

struct Subject {
  Subject() {
    fs::create_directories(directory);
    require(write_file(file, image()).has_value(), "a file is written");
    const auto source = *fits::Source::open(file);
    table = *fits::tile_table(source, fits::hdu_places(source)->at(1));
    stamp = *source.stamp();
    pixels = *read(0, kWidth);
  }
  ~Subject() { fs::remove_all(directory); }

  std::optional<std::string> read(std::int64_t first, std::int64_t count) const {
    fits::OpenOptions options;
    options.seek_directory = directory;
    const auto opened = *fits::File::open(file, options);
    std::string out(static_cast<std::size_t>(4 * count), '\0');
    if (!opened.read(*opened.image(1), 0, {first, 0, count, 1}, 0, out.data(), 4 * count))
      return {};
    return out;
  }

  const fs::path directory =
      fs::temp_directory_path() / ("recorte-fuzz-" + std::to_string(::getpid()));
  const std::string file = directory / "a.fits";
  fits::TileTable table;
  FileStamp stamp;
  std::string pixels;
};

}  // namespace

void attempt(std::string_view input) {
  static const Subject good;
  const fits::SeekSubject subject{good.stamp, 1, good.table};
  std::vector<fits::SeekEntry> entries(static_cast<std::size_t>(subject.entries_a_tile()));
  std::memcpy(entries.data(), input.data(),
              std::min(input.size(), entries.size() * sizeof entries[0]));
  require(fits::write_seek_file(good.directory, subject, entries).has_value(),
          "places are written");
  require(good.read(0, 100) == good.pixels.substr(0, 400), "what is before a place needs none");
  const auto whole = good.read(0, kWidth), part = good.read(700, 100);
  if (std::ranges::all_of(entries, [](const auto& entry) { return entry.bit == 0; }))
    require(whole == good.pixels && part == good.pixels.substr(2800, 400), "no place is needed");
}

}  // namespace recorte::fuzz
