/// Unguessable identifiers from the kernel's random source.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>

namespace recorte {
/// `bytes` random bytes as lower-case hexadecimal.
std::string random_hex(std::size_t bytes);
}  // namespace recorte
