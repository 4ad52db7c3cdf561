// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tiles.hpp"

#include "core/base/text.hpp"
#include "core/fits/card.hpp"

#include <fitsio.h>

#include <limits>
#include <string>

namespace recorte::fits {
namespace {

// One sentence out of CFITSIO's stack, which is left empty.
tl::unexpected<Error> cfitsio_error(int status, const std::string& what) {
  char text[FLEN_STATUS] = "";
  fits_get_errstatus(status, text);
  auto message = what + ": " + text;
  char line[FLEN_ERRMSG] = "";
  for (int i = 0; fits_read_errmsg(line) != 0;)
    if (i++ < 3) message += "; " + std::string(trim(printable(line)));
  fits_clear_errmsg();
  return fail(status == MEMORY_ALLOCATION ? ErrorCode::kUnavailable : ErrorCode::kData,
              std::move(message));
}

int type_of(int bitpix) {
  switch (bitpix) {
    case 8: return TBYTE;
    case 16: return TSHORT;
    case 32: return TINT;
    case 64: return TLONGLONG;
    case -32: return TFLOAT;
    default: return TDOUBLE;
  }
}

std::vector<long> from_one(const std::vector<std::int64_t>& pixel) {
  std::vector<long> out;
  for (const auto i : pixel) out.push_back(static_cast<long>(i + 1));
  return out;
}

}  // namespace

void TileReader::Close::operator()(void* file) const {
  int status = 0;
  fits_close_file(static_cast<fitsfile*>(file), &status);
  if (status != 0) fits_clear_errmsg();
}

Result<TileReader> TileReader::open(int fd) {
  fitsfile* file = nullptr;
  int status = 0;
  // Through the descriptor: the same bytes whatever became of the name, and no name for CFITSIO to
  // interpret.
  fits_open_diskfile(&file, ("/proc/self/fd/" + std::to_string(fd)).c_str(), READONLY, &status);
  if (status != 0) return cfitsio_error(status, "it cannot be opened");
  TileReader reader;
  reader.file_.reset(file);
  return reader;
}

Status TileReader::read(const Hdu& hdu, const std::vector<std::int64_t>& first,
                        const std::vector<std::int64_t>& last, void* out) {
  auto* file = static_cast<fitsfile*>(file_.get());
  auto begin = from_one(first);
  auto end = from_one(last);
  std::vector<long> step(begin.size(), 1);
  float nan32 = std::numeric_limits<float>::quiet_NaN();
  double nan64 = std::numeric_limits<double>::quiet_NaN();
  void* null = hdu.bitpix == -32   ? static_cast<void*>(&nan32)
               : hdu.bitpix == -64 ? static_cast<void*>(&nan64)
                                   : nullptr;
  int status = 0;
  fits_movabs_hdu(file, hdu.number + 1, nullptr, &status);
  fits_set_bscale(file, 1, 0, &status);
  fits_read_subset(file, type_of(hdu.bitpix), begin.data(), end.data(), step.data(), null, out,
                   nullptr, &status);
  if (status != 0) return cfitsio_error(status, "its tiles cannot be unpacked");
  return {};
}

}  // namespace recorte::fits
