/// What proves that a product is what was made: CRC-32, for zip, and SHA-256, for users; each byte
/// is read once for both.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace recorte::batch {

class Digest {
 public:
  struct Sums {
    std::uint32_t crc = 0;
    std::array<std::byte, 32> sha256{};
  };
  Digest();
  ~Digest();
  /// Of [offset, offset + size) of a file.
  Result<Sums> of(int fd, std::int64_t offset, std::int64_t size);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::vector<std::byte> buffer_;
};

}  // namespace recorte::batch
