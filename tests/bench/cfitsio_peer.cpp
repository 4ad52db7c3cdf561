// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/cfitsio_peer.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace recorte::bench {
namespace {

void check(int status) {
  if (status == 0) return;
  fits_report_error(stderr, status);
  std::exit(1);
}

/// A FITS file in memory that grows by as much as one cutout, so that it grows once.
class Output {
 public:
  explicit Output(std::size_t expected) : size_(expected), bytes_(std::malloc(expected)) {
    int status = 0;
    fits_create_memfile(&file, &bytes_, &size_, expected, std::realloc, &status);
    check(status);
  }
  /// The file is whole once it is closed; its memory stays.
  MemoryFits close() {
    int status = 0;
    fits_close_file(file, &status);
    check(status);
    return {{bytes_, std::free}, size_};
  }
  fitsfile* file = nullptr;

 private:
  std::size_t size_;
  void* bytes_;
};

std::size_t expected_size(const Section& section) {
  return std::size_t(section.width) * std::size_t(section.height) * sizeof(float) + 8 * 2880;
}

/// The first image with pixels in a file that lies in memory. CFITSIO keeps the addresses of both
/// members.
class Input {
 public:
  explicit Input(std::span<const std::byte> product)
      : bytes_(const_cast<void*>(static_cast<const void*>(product.data()))), size_(product.size()) {
    int status = 0, axes = 0;
    fits_open_memfile(&file, "product", READONLY, &bytes_, &size_, 0, nullptr, &status);
    fits_get_img_dim(file, &axes, &status);
    while (status == 0 && axes == 0) {
      fits_movrel_hdu(file, 1, nullptr, &status);
      fits_get_img_dim(file, &axes, &status);
    }
    check(status);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    int status = 0;
    fits_close_file(file, &status);
  }
  fitsfile* file = nullptr;

 private:
  void* bytes_;
  std::size_t size_;
};

}  // namespace

CfitsioPeer::CfitsioPeer(const std::string& path) {
  int status = 0;
  fits_open_image(&file_, path.c_str(), READONLY, &status);
  long size[2] = {};
  fits_get_img_size(file_, 2, size, &status);
  rows_ = size[1];
  fits_read_key(file_, TDOUBLE, "CRPIX1", &crpix_[0], nullptr, &status);
  fits_read_key(file_, TDOUBLE, "CRPIX2", &crpix_[1], nullptr, &status);
  for (const char* name : {"CTYPE1", "CTYPE2", "CUNIT1", "CUNIT2", "CRVAL1", "CRVAL2", "CD1_1",
                           "CD1_2", "CD2_1", "CD2_2", "RADESYS", "EQUINOX", "BUNIT"}) {
    char card[FLEN_CARD];
    fits_read_card(file_, name, card, &status);
    wcs_.emplace_back(card);
  }
  check(status);
}

CfitsioPeer::~CfitsioPeer() {
  int status = 0;
  fits_close_file(file_, &status);
}

MemoryFits CfitsioPeer::copy_section(const Section& s) {
  Output output(expected_size(s));
  char text[100];
  std::snprintf(text, sizeof text, "%ld:%ld,%ld:%ld", s.x + 1, s.x + s.width, s.y + 1,
                s.y + s.height);
  int status = 0;
  fits_copy_image_section(file_, output.file, text, &status);
  check(status);
  return output.close();
}

MemoryFits CfitsioPeer::read_and_write(const Section& s) {
  read(s);
  Output output(expected_size(s));
  long size[2] = {s.width, s.height};
  int status = 0;
  fits_create_img(output.file, FLOAT_IMG, 2, size, &status);
  for (const auto& card : wcs_) fits_write_record(output.file, card.c_str(), &status);
  fits_write_key_dbl(output.file, "CRPIX1", crpix_[0] - double(s.x), -15, nullptr, &status);
  fits_write_key_dbl(output.file, "CRPIX2", crpix_[1] - double(s.y), -15, nullptr, &status);
  fits_write_img(output.file, TFLOAT, 1, LONGLONG(pixels_.size()), pixels_.data(), &status);
  check(status);
  return output.close();
}

std::span<const float> CfitsioPeer::read(const Section& s) {
  pixels_.resize(std::size_t(s.width) * std::size_t(s.height));
  long first[2] = {s.x + 1, s.y + 1}, last[2] = {s.x + s.width, s.y + s.height}, step[2] = {1, 1};
  int status = 0, any = 0;
  fits_read_subset(file_, TFLOAT, first, last, step, nullptr, pixels_.data(), &any, &status);
  check(status);
  return pixels_;
}

void CfitsioPeer::forget(const Section& s) { read({s.x, (s.y + rows_ / 2) % rows_, s.width, 1}); }

Section CfitsioPeer::where(std::span<const std::byte> product) const {
  const Input input(product);
  int status = 0;
  double at[2] = {};
  long size[2] = {};
  fits_read_key(input.file, TDOUBLE, "CRPIX1", &at[0], nullptr, &status);
  fits_read_key(input.file, TDOUBLE, "CRPIX2", &at[1], nullptr, &status);
  fits_get_img_size(input.file, 2, size, &status);
  check(status);
  return {std::lround(crpix_[0] - at[0]), std::lround(crpix_[1] - at[1]), size[0], size[1]};
}

std::vector<float> pixels_of(std::span<const std::byte> product) {
  const Input input(product);
  int status = 0, any = 0;
  long size[2] = {};
  fits_get_img_size(input.file, 2, size, &status);
  check(status);
  const auto count = std::size_t(size[0]) * std::size_t(size[1]);
  std::vector<float> pixels(count);
  fits_read_img(input.file, TFLOAT, 1, LONGLONG(pixels.size()), nullptr, pixels.data(), &any,
                &status);
  check(status);
  return pixels;
}

}  // namespace recorte::bench
