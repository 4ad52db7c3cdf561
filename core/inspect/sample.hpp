/// Which of a survey's images are opened: some of each band, the same ones every time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/source.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace recorte::inspect {

/// At most `size` of them, the bands in turn until all of a band are taken; by their numbers, in
/// order. Another `seed`, another choice.
std::vector<std::size_t> sample_of(const std::vector<cutout::Source>& images, std::size_t size,
                                   std::uint64_t seed);

}  // namespace recorte::inspect
