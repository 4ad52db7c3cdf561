// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/id.hpp"

#include <sys/random.h>

#include <stdexcept>
#include <vector>

namespace recorte {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  // Up to 256 bytes, getrandom(2) neither fails nor returns short once the pool is ready.
  if (bytes > 256 || ::getrandom(raw.data(), raw.size(), 0) != static_cast<ssize_t>(raw.size()))
    throw std::runtime_error("the kernel gave no random bytes");
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  for (const auto byte : raw) out += {hex[byte >> 4], hex[byte & 15]};
  return out;
}

}  // namespace recorte
