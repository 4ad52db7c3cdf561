// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/gather.hpp"

#include "core/base/io.hpp"

#include <algorithm>
#include <cerrno>

namespace recorte::store {
namespace {

/// Of one writev; Linux takes 1,024.
constexpr std::size_t kPieces = 1000;

}  // namespace

Status Gather::add(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  if (pieces_.size() == kPieces) RECORTE_TRY(flush());
  pieces_.push_back({const_cast<std::byte*>(bytes.data()), bytes.size()});
  return {};
}

Status Gather::keep(std::string bytes) {
  if (pieces_.size() == kPieces) RECORTE_TRY(flush());
  kept_.push_back(std::move(bytes));
  return add(std::as_bytes(std::span(kept_.back())));
}

Status Gather::add(const Content& content) {
  if (content.in_memory()) return add(content.memory());
  RECORTE_TRY(flush());
  return copy_range(content.descriptor(), content.offset(), content.size(), fd_);
}

Status Gather::flush() {
  std::span<iovec> left(pieces_);
  while (!left.empty()) {
    const auto n = ::writev(fd_, left.data(), static_cast<int>(left.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot write"));
    auto written = static_cast<std::size_t>(n);
    while (!left.empty() && written >= left.front().iov_len) {
      written -= left.front().iov_len;
      left = left.subspan(1);
    }
    if (written == 0) continue;
    left.front().iov_base = static_cast<std::byte*>(left.front().iov_base) + written;
    left.front().iov_len -= written;
  }
  pieces_.clear();
  kept_.clear();
  return {};
}

}  // namespace recorte::store
