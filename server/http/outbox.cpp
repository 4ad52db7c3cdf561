// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/outbox.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace recorte::http {

void Outbox::add_frame(std::string bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (size == 0) return;
  const auto text = std::make_shared<const std::string>(std::move(bytes));
  segments_.push_back({{text, text->data()}, {}, 0, size, false});
}

void Outbox::add_body(Piece piece) {
  Segment segment;
  segment.body = true;
  std::visit(
      [&](const auto& part) {
        segment.offset = part.offset;
        segment.left = part.size;
      },
      piece);
  if (auto* text = std::get_if<Text>(&piece))
    segment.memory = {text->bytes, text->bytes->data()};
  else if (auto* memory = std::get_if<Memory>(&piece))
    segment.memory = {memory->bytes, reinterpret_cast<const char*>(memory->bytes.get())};
  else
    segment.file = std::move(std::get<FileRange>(piece).file);
  if (segment.left > 0) segments_.push_back(std::move(segment));
}

Outbox::Outcome Outbox::write(int socket, std::int64_t& budget) {
  while (!segments_.empty()) {
    if (budget <= 0) return Outcome::kBudget;
    const bool memory = segments_.front().memory != nullptr;
    const auto n = memory ? write_memory(socket, budget) : write_file(socket, budget);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Outcome::kBlocked;
    if (n <= 0) return n == 0 ? Outcome::kShort : Outcome::kBroken;
    advance(n);
    budget -= n;
  }
  return Outcome::kAll;
}

std::int64_t Outbox::write_memory(int socket, std::int64_t budget) {
  std::array<iovec, 16> parts;
  std::size_t count = 0;
  bool more = false;  // whether a file follows, which is better sent with its head
  for (const auto& segment : segments_) {
    more = !segment.memory;
    if (more || count == parts.size() || budget <= 0) break;
    const auto size = std::min(segment.left, budget);
    parts[count++] = {const_cast<char*>(segment.memory.get()) + segment.offset,
                      static_cast<std::size_t>(size)};
    budget -= size;
  }
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
}

std::int64_t Outbox::write_file(int socket, std::int64_t budget) {
  const auto& segment = segments_.front();
  off_t offset = segment.offset;
  return ::sendfile(socket, segment.file->get(), &offset,
                    static_cast<std::size_t>(std::min(segment.left, budget)));
}

void Outbox::advance(std::int64_t bytes) {
  sent_ += bytes;
  while (bytes > 0) {
    auto& segment = segments_.front();
    const auto part = std::min(bytes, segment.left);
    segment.offset += part;
    segment.left -= part;
    bytes -= part;
    if (segment.body) body_sent_ += part;
    if (segment.left == 0) segments_.pop_front();
  }
}

}  // namespace recorte::http
