// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/channel.hpp"

#include "core/base/time.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

namespace recorte::worker {
namespace {

constexpr std::size_t kPiece = 1 << 20;

static_assert(std::endian::native == std::endian::little);

Error gone() { return {ErrorCode::kUnavailable, "the other end of the channel is gone"}; }

/// Whether `events` come before the deadline.
bool wait_for(int socket, short events, std::int64_t deadline_ms) {
  for (;;) {
    const auto left = std::clamp<std::int64_t>(deadline_ms - monotonic_ms(), 0, 1 << 30);
    pollfd ready{socket, events, 0};
    const int polled = ::poll(&ready, 1, static_cast<int>(left));
    if (polled < 0 && errno == EINTR) continue;
    return polled > 0;
  }
}

Error late() { return {ErrorCode::kTimeout, "the deadline passed"}; }

Status send_bytes(int socket, const char* data, std::size_t size, int descriptor,
                  std::int64_t deadline_ms) {
  while (size > 0) {
    if (deadline_ms > 0 && !wait_for(socket, POLLOUT, deadline_ms)) return fail(late());
    iovec part{const_cast<char*>(data), size};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (descriptor >= 0) {
      header.msg_control = control.data();
      header.msg_controllen = control.size();
      auto* c = CMSG_FIRSTHDR(&header);
      c->cmsg_level = SOL_SOCKET;
      c->cmsg_type = SCM_RIGHTS;
      c->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(c), &descriptor, sizeof(int));
    }
    const auto n = ::sendmsg(socket, &header, MSG_NOSIGNAL | (deadline_ms > 0 ? MSG_DONTWAIT : 0));
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) return fail(gone());
    descriptor = -1;
    data += n;
    size -= static_cast<std::size_t>(n);
  }
  return {};
}

Status receive_bytes(int socket, char* data, std::size_t size, Fd& descriptor,
                     std::int64_t deadline_ms) {
  while (size > 0) {
    if (deadline_ms > 0 && !wait_readable(socket, deadline_ms)) return fail(late());
    iovec part{data, size};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = CMSG_LEN(sizeof(int));  // alignment would leave room for a second one
    const auto n = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(gone());
    for (auto* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c))
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(c), sizeof(int));
        descriptor = Fd(fd);
      }
    data += n;
    size -= static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace

bool wait_readable(int socket, std::int64_t deadline_ms) {
  return wait_for(socket, POLLIN, deadline_ms);
}

Status send(int socket, const std::string& text, int descriptor, std::int64_t deadline_ms) {
  if (text.size() > kMaxMessage)
    return fail(ErrorCode::kTooLarge, "a message of " + std::to_string(text.size()) +
                                          " bytes to a worker; the limit is " +
                                          std::to_string(kMaxMessage));
  const auto length = static_cast<std::uint32_t>(text.size());
  std::string framed(sizeof length, '\0');
  std::memcpy(framed.data(), &length, sizeof length);
  framed += text;
  return send_bytes(socket, framed.data(), framed.size(), descriptor, deadline_ms);
}

Result<Message> receive(int socket, std::int64_t deadline_ms) {
  Message message;
  std::uint32_t length = 0;
  RECORTE_TRY(receive_bytes(socket, reinterpret_cast<char*>(&length), sizeof length,
                            message.descriptor, deadline_ms));
  if (length > kMaxMessage)
    return fail(ErrorCode::kPlugin,
                "a worker sent a message of " + std::to_string(length) + " bytes");
  // Room is taken as bytes come: a worker that was taken over may promise what it likes.
  for (std::size_t at = 0; at < length;) {
    const auto piece = std::min(length - at, kPiece);
    message.text.resize(at + piece);
    RECORTE_TRY(
        receive_bytes(socket, message.text.data() + at, piece, message.descriptor, deadline_ms));
    at += piece;
  }
  return message;
}

}  // namespace recorte::worker
