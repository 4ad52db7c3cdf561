/// A file in memory that has a path, for readers that open one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"
#include "fuzz.hpp"

#include <string>
#include <string_view>

namespace recorte::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(std::move(*make_memfd("fuzz"))) {
    require(write_all(fd_.get(), std::as_bytes(std::span(bytes))).has_value(), "there is memory");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  Fd fd_;
};

}  // namespace recorte::fuzz
