/// The check that the tiles of a compressed image lie inside their file: CFITSIO believes any
/// length, takes the memory for it and reads zeros past the end. (FITS Standard 4.0, sections 7.3.5
/// and 10.1.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/layout.hpp"
#include "core/fits/source.hpp"

namespace recorte::fits {

/// kData where a descriptor of the table at `place` points outside its heap. Reads the table, not
/// the heap. Messages do not name the file.
Status check_descriptors(const Source& source, const HduPlace& place);

}  // namespace recorte::fits
