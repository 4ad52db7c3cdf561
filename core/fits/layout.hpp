/// Where the HDUs of a file lie: headers are read and checked against the size of the file, data
/// are not touched. (FITS Standard 4.0, sections 3 and 4.4.1.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/file.hpp"
#include "core/fits/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::fits {

struct HduPlace {
  Hdu hdu;
  std::int64_t header_begin = 0;  ///< bytes from the beginning of the file
  std::int64_t data_begin = 0;    ///< also where the header ends
};

/// Every HDU. kData where a header is broken or data end before their header says; bytes after the
/// last HDU that are none are left alone, as the standard has it. Messages do not name the file.
Result<std::vector<HduPlace>> hdu_places(const Source& source);
/// The header as it stands.
Result<Header> read_header(const Source& source, const HduPlace& place);
/// "HDU 2 (SCI)".
std::string hdu_text(const Hdu& hdu);

}  // namespace recorte::fits
