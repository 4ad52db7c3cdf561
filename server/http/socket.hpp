/// What the edge asks of sockets and of the process, in one place: addresses, limits, shutting.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recorte::http {

/// The other end, numeric; IPv4 as such even on an IPv6 socket. "" where it cannot be told.
std::string peer_address(int socket);
/// What `host` stands for. kUnavailable names it where it stands for nothing.
Result<std::vector<sockaddr_storage>> resolve(const std::string& host, std::uint16_t port);
/// "host:port", with brackets around an IPv6 address.
std::string authority(const std::string& host, std::uint16_t port);
/// A second descriptor of the same socket, close-on-exec; none where there are too many.
Fd duplicate(int socket);
/// Both ways: readers see the end, writers an error.
void shut_socket(int socket);
/// The reader sees the end and closes; then the other end sees a reset, and no end.
void abort_socket(int socket);
/// Bytes written that the peer has not acknowledged yet.
std::int64_t unacknowledged(int socket);
/// Raises the soft limit of open descriptors to the hard one, and returns it.
std::size_t raise_descriptor_limit();

}  // namespace recorte::http
