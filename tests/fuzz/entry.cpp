// SPDX-License-Identifier: BSD-3-Clause
//
// Where libFuzzer enters.
#include "fuzz.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  recorte::fuzz::attempt({reinterpret_cast<const char*>(data), size});
  return 0;
}
