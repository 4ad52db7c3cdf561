/// Addresses of machines: which are of the public internet, and which of a network that somebody
/// named.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

struct sockaddr;

namespace recorte::net {

/// As IPv6 has it; an IPv4 address is ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

/// Numeric, IPv4 or IPv6, with brackets or without; nothing where it is a name.
std::optional<Address> parse_address(std::string_view text);
/// Nothing for what is neither IPv4 nor IPv6.
std::optional<Address> address_of(const sockaddr& address);
/// False for this machine, links, private networks, and whatever else is no host of the internet
/// (IANA's registries of special-purpose addresses, RFC 6890).
bool is_public(const Address& address);

class Network {
 public:
  /// "10.0.0.0/8", "fd00::/8", or one address. kUsage names the text.
  static Result<Network> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Address first_{};
  int bits_ = 128;
};

}  // namespace recorte::net
