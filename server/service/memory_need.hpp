/// What a worker is expected to hold while it works on many pixels, for schedule::Room. A product
/// is made in strips, whose size a worker's own bound limits; so it is this or that bound that it
/// takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace recorte::service {

/// Bytes of one product with so many pixels on all its planes; 0 where that is little. `most`: that
/// a worker may take.
std::uint64_t memory_need(double pixels, std::uint64_t most);

}  // namespace recorte::service
