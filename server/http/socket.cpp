// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include <array>
#include <cstring>

namespace recorte::http {

std::string peer_address(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return "";
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* out = nullptr;
  if (storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    out = ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else if (storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    out = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)
              ? ::inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text.data(), text.size())
              : ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  }
  return out ? out : "";
}

Result<std::vector<sockaddr_storage>> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0)
    return fail(ErrorCode::kUnavailable, "cannot listen on '" + host +
                                             "': " + ::gai_strerror(error) +
                                             "; give an address or a name of this machine");
  std::vector<sockaddr_storage> out;
  for (const auto* at = found; at; at = at->ai_next) {
    if (at->ai_family != AF_INET && at->ai_family != AF_INET6) continue;
    std::memcpy(&out.emplace_back(), at->ai_addr, at->ai_addrlen);
  }
  ::freeaddrinfo(found);
  return out;
}

std::string authority(const std::string& host, std::uint16_t port) {
  const bool bare_v6 = host.find(':') != host.npos && !host.starts_with('[');
  return (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Fd duplicate(int socket) { return Fd(::fcntl(socket, F_DUPFD_CLOEXEC, 0)); }

void shut_socket(int socket) { ::shutdown(socket, SHUT_RDWR); }

void abort_socket(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::shutdown(socket, SHUT_RD);
}

std::int64_t unacknowledged(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const auto soft = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : soft;
}

}  // namespace recorte::http
