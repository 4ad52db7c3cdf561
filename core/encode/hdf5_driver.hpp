/// A driver of libhdf5 that writes through a descriptor that is open already: the library's own
/// opens a name, and a file that appears only when it is whole has none yet.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace recorte::encode {

/// Sets it on a file access property list of libhdf5, for H5Fcreate, which empties nothing: the
/// file must be empty. The descriptor is borrowed until the file is closed. False where the library
/// refuses.
bool set_descriptor_driver(std::int64_t access_list, int fd);

}  // namespace recorte::encode
