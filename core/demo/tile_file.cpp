// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/tile_file.hpp"

#include "core/base/time.hpp"

#include <fitsio.h>

#include <cmath>
#include <cstdlib>

namespace recorte::demo {
namespace {

constexpr double kExposure = 90;  // seconds
constexpr Micros kSecond = 1'000'000;
constexpr Micros kFirstNight = 1'704'848'400 * kSecond;  // 2024-01-10T01:00:00

/// A FITS file that grows in memory. CFITSIO's status runs through all calls, as it is meant to.
class MemoryFile {
 public:
  MemoryFile() { fits_create_memfile(&file_, &buffer_, &size_, 2880, std::realloc, &status_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    int ignored = 0;
    if (file_) fits_close_file(file_, &ignored);
    std::free(buffer_);
  }

  void cards(const std::vector<std::string>& cards) {
    for (const auto& card : cards) fits_write_record(file_, card.c_str(), &status_);
  }

  void empty_primary() { fits_create_img(file_, BYTE_IMG, 0, nullptr, &status_); }

  /// `compression` is 0 or CFITSIO's; floats under RICE_1 are quantised, else nothing is lost.
  void image(const char* name, int bitpix, int compression, const std::vector<std::string>& extra) {
    long axes[2] = {kSide, kSide};
    long tile[2] = {100, 100};
    fits_set_compression_type(file_, compression, &status_);
    fits_set_tile_dim(file_, 2, tile, &status_);
    fits_set_quantize_level(file_, compression == RICE_1 ? 4 : 0, &status_);
    fits_set_quantize_dither(file_, SUBTRACTIVE_DITHER_1, &status_);
    fits_set_dither_seed(file_, 2024, &status_);  // else the clock chooses
    fits_create_img(file_, bitpix, 2, axes, &status_);
    fits_update_key_str(file_, "EXTNAME", name, nullptr, &status_);
    cards(extra);
    fits_set_hdustruc(file_, &status_);
  }

  void pixels(const std::vector<std::int16_t>& values) {
    fits_write_img(file_, TSHORT, 1, static_cast<LONGLONG>(values.size()),
                   const_cast<std::int16_t*>(values.data()), &status_);
  }

  void pixels(std::vector<float> values) {
    float null = FLOATNULLVALUE;  // CFITSIO's quantiser asks for a number to stand for NaN
    for (auto& value : values) {
      if (std::isnan(value)) value = null;
    }
    fits_write_imgnull(file_, TFLOAT, 1, static_cast<LONGLONG>(values.size()), values.data(), &null,
                       &status_);
  }

  Result<std::string> bytes() {
    LONGLONG end = 0;
    fits_flush_file(file_, &status_);
    fits_get_hduaddrll(file_, nullptr, nullptr, &end, &status_);
    if (status_ == 0) return std::string(static_cast<const char*>(buffer_), end);
    char words[FLEN_STATUS];
    fits_get_errstatus(status_, words);
    return fail(ErrorCode::kInternal, std::string("CFITSIO could not make a demo file: ") + words);
  }

 private:
  fitsfile* file_ = nullptr;
  void* buffer_ = nullptr;
  std::size_t size_ = 0;
  int status_ = 0;
};

std::vector<std::string> exposure_cards(int tile, int band) {
  const Micros start = kFirstNight + (tile * 600 + band * 120) * kSecond;
  const Micros end = start + static_cast<Micros>(kExposure) * kSecond;
  return {text_card("SURVEY", kSurvey),
          text_card("TILENAME", kTiles[tile].name),
          text_card("INSTRUME", "DemoCam"),
          text_card("FILTER", kBands[band].filter),
          text_card("TIMESYS", "UTC"),
          text_card("DATE-OBS", fits_date(start)),
          text_card("DATE-END", fits_date(end)),
          number_card("MJD-OBS", mjd(start)),
          number_card("MJD-END", mjd(end)),
          number_card("EXPTIME", kExposure),
          number_card("MAGZP", kZeroPoint),
          text_card("BUNIT", "ct"),
          text_card("PROCVER", "1.0")};
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

std::string file_name(const Tile& tile, const Band& band) {
  return std::string(kSurvey) + "_" + std::string(tile.name) + "_" + std::string(band.name) +
         ".fits";
}

Result<std::string> tile_file(int tile, int band, const Exposure& exposure) {
  const auto wcs = wcs_cards(kTiles[tile]);
  const auto storage = kTiles[tile].storage;
  MemoryFile file;
  file.empty_primary();
  file.cards(exposure_cards(tile, band));
  file.image(
      "SCI", FLOAT_IMG, storage == Storage::kAll ? RICE_1 : 0,
      wcs + std::vector{text_card("BUNIT", "ct"), number_card("SATURATE", kSaturation),
                        number_card("GAIN", kGain), number_card("SEEING", kBands[band].fwhm)});
  file.pixels(exposure.image);
  file.image(
      "MSK", SHORT_IMG, storage == Storage::kPlain ? 0 : RICE_1,
      wcs + std::vector{integer_card("MP_SAT", kSaturated), integer_card("MP_BADCO", kBadColumn),
                        integer_card("MP_CR", kCosmicRay)});
  file.pixels(exposure.mask);
  file.image("WGT", FLOAT_IMG, storage == Storage::kPlain ? 0 : GZIP_2,
             wcs + std::vector{text_card("BUNIT", "ct**(-2)")});
  file.pixels(exposure.weight);
  return file.bytes();
}

}  // namespace recorte::demo
