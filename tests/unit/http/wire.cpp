// SPDX-License-Identifier: BSD-3-Clause
#include "wire.hpp"

#include "core/base/text.hpp"
#include "core/base/unix_socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

namespace recorte::http {
namespace {

constexpr int kLongMs = 30'000;

}  // namespace

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kLongMs);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::string Answer::field(std::string_view name) const {
  for (const auto& line : split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon != line.npos && equal_ignoring_case(line.substr(0, colon), name))
      return std::string(trim(std::string_view(line).substr(colon + 1)));
  }
  return "(none)";
}

Wire::Wire(std::uint16_t port, int receive)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive > 0) ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive, sizeof receive);
  const int yes = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    socket_.reset();
}

Wire::Wire(const std::filesystem::path& socket) : socket_(make_unix_socket().value()) {
  if (!connect_unix(socket_, unix_name(socket).value())) socket_.reset();
}

bool Wire::send(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Wire::get(std::string_view path) {
  return send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
}

Answer Wire::ask(std::string_view path) {
  get(path);
  return answer();
}

bool Wire::more() {
  if (end_ != End::kNone) return false;
  pollfd ready{socket_.get(), POLLIN, 0};
  if (::poll(&ready, 1, patience_ms) != 1) return false;
  std::array<char, 65536> buffer;
  const auto n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (n > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
  }
  end_ = n == 0 ? End::kClosed : End::kReset;
  return false;
}

bool Wire::read(std::size_t count) {
  while (bytes.size() < count)
    if (!more()) return false;
  return true;
}

Wire::End Wire::end() {
  while (more()) {
  }
  return end_;
}

Answer Wire::answer(bool to_head) {
  Answer answer;
  std::size_t at = bytes.npos;
  while ((at = bytes.find("\r\n\r\n")) == bytes.npos)
    if (!more()) return answer;
  answer.head = bytes.substr(0, at + 4);
  bytes.erase(0, at + 4);
  answer.status = static_cast<int>(to_int(answer.head.substr(9, 3)).value_or(0));
  const auto take = [&](std::size_t size) {
    const bool all = read(size);
    const auto part = bytes.substr(0, size);
    bytes.erase(0, size);
    answer.body += part;
    return all;
  };
  if (to_head || answer.status < 200 || answer.status == 204 || answer.status == 304) {
    answer.whole = true;
  } else if (const auto length = to_int(answer.field("Content-Length"))) {
    answer.whole = take(static_cast<std::size_t>(*length));
  } else if (answer.field("Transfer-Encoding") == "chunked") {
    for (;;) {
      while ((at = bytes.find("\r\n")) == bytes.npos)
        if (!more()) return answer;
      const auto size = std::stoul(bytes.substr(0, at), nullptr, 16);
      bytes.erase(0, at + 2);
      if (!take(size) || !read(2)) return answer;
      bytes.erase(0, 2);
      if (size == 0) break;
    }
    answer.whole = true;
  } else {
    answer.whole = end() == End::kClosed;
    answer.body = std::exchange(bytes, {});
  }
  return answer;
}

void Wire::finish() { ::shutdown(socket_.get(), SHUT_WR); }

void Wire::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

}  // namespace recorte::http
