// SPDX-License-Identifier: BSD-3-Clause
#include "survey.hpp"

#include "core/demo/demo_sky.hpp"

#include <fitsio.h>
#include <unistd.h>

#include <limits>
#include <stdexcept>

namespace recorte::demo::test {
namespace {

void check(int status, const std::string& what) {
  if (status == 0) return;
  char words[FLEN_STATUS];
  fits_get_errstatus(status, words);
  throw std::runtime_error(what + ": " + words);
}

struct Scratch {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("recorte-demo-" + std::to_string(getpid()));
  ~Scratch() { std::filesystem::remove_all(path); }
};

struct Open {
  fitsfile* file = nullptr;
  explicit Open(const std::string& path) {
    int status = 0;
    fits_open_diskfile(&file, path.c_str(), READONLY, &status);
    check(status, path);
  }
  ~Open() {
    int status = 0;
    fits_close_file(file, &status);
  }
};

}  // namespace

const std::filesystem::path& scratch() {
  static const Scratch directory;
  return directory.path;
}

const std::filesystem::path& survey() {
  static const auto directory = [] {
    auto path = scratch() / "survey";
    if (const auto made = make_demo_sky(path); !made) {
      throw std::runtime_error(made.error().message);
    }
    return path;
  }();
  return directory;
}

sky::Wcs Plane::wcs() const {
  auto parsed = sky::Wcs::parse(cards);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *parsed;
}

Plane read_plane(const std::string& tile, const std::string& band, const std::string& extname) {
  const auto path = (survey() / ("demo_" + tile + "_" + band + ".fits")).string();
  const Open open(path);
  Plane plane;
  int status = 0;
  fits_movnam_hdu(open.file, IMAGE_HDU, const_cast<char*>(extname.c_str()), 0, &status);
  plane.compressed = fits_is_compressed_image(open.file, &status) != 0;
  int axes = 0;
  long lengths[2] = {0, 0};
  fits_get_img_param(open.file, 2, &plane.bitpix, &axes, lengths, &status);
  check(status, path + " " + extname);
  plane.width = static_cast<int>(lengths[0]);
  plane.height = static_cast<int>(lengths[1]);
  plane.pixels.resize(lengths[0] * lengths[1]);
  float null = std::numeric_limits<float>::quiet_NaN();
  int any_null = 0;
  fits_read_img(open.file, TFLOAT, 1, lengths[0] * lengths[1], &null, plane.pixels.data(),
                &any_null, &status);
  char* cards = nullptr;
  int count = 0;
  fits_convert_hdr2str(open.file, 1, nullptr, 0, &cards, &count, &status);
  check(status, path + " " + extname);
  plane.cards = std::string(cards, 80 * static_cast<std::size_t>(count));
  fits_free_memory(cards, &status);
  return plane;
}

std::string keyword(const std::string& file, int hdu, const std::string& name) {
  const Open open((survey() / file).string());
  int status = 0;
  fits_movabs_hdu(open.file, hdu + 1, nullptr, &status);
  check(status, file);
  char value[FLEN_VALUE];
  if (fits_read_key_str(open.file, name.c_str(), value, nullptr, &status) != 0) return "";
  return value;
}

}  // namespace recorte::demo::test
