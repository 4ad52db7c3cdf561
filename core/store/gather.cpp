// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/gather.hpp"

#include "core/base/io.hpp"

#include <algorithm>
#include <cerrno>

namespace recorte::store {
namespace {

/// Of one writev; Linux takes 1,024.
constexpr std::size_t kPieces = 1000;
/// Bytes of one writev. Measured on ext4, Linux 6: 1 to 2 MiB a call cost least; from 4 MiB on a
/// byte costs up to five times as much.
constexpr std::size_t kBytes = 1 << 20;

}  // namespace

Status Gather::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (pieces_.size() == kPieces || gathered_ == kBytes) RECORTE_TRY(flush());
    const auto piece = bytes.first(std::min(bytes.size(), kBytes - gathered_));
    pieces_.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
    gathered_ += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

Status Gather::keep(std::string bytes) {
  // Not cut in two by a flush, which lets go what is kept.
  if (pieces_.size() == kPieces || bytes.size() > kBytes - gathered_) RECORTE_TRY(flush());
  if (bytes.size() > kBytes) return write_all(fd_, std::as_bytes(std::span(bytes)));
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
  gathered_ = 0;
  return {};
}

}  // namespace recorte::store
