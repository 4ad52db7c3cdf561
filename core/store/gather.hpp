/// Gathers pieces of memory and writes them with few calls (writev): an archive's small heads and
/// its entries, which stay where they lie.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/content.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace recorte::store {

class Gather {
 public:
  /// Borrows the descriptor, and writes where it stands.
  explicit Gather(int fd) : fd_(fd) {}
  /// Bytes that stay until flush(), or are kept until then.
  Status add(std::span<const std::byte> bytes);
  Status keep(std::string bytes);
  /// Of a descriptor's range: copied at once, after what was gathered.
  Status add(const Content& content);
  /// Whoever forgets it has written nothing.
  Status flush();

 private:
  int fd_;
  std::vector<iovec> pieces_;
  std::deque<std::string> kept_;
  std::size_t gathered_ = 0;  ///< bytes
};

}  // namespace recorte::store
