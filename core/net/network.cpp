// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/network.hpp"

#include "core/base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace recorte::net {
namespace {

constexpr int kMappedBits = 96;  // of ::ffff:0:0, where IPv4 begins

Address mapped(const void* four) {
  Address out{};
  out[10] = out[11] = 0xFF;
  std::memcpy(out.data() + 12, four, 4);
  return out;
}

std::vector<Network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<Network> out;
  for (const auto text : texts) out.push_back(*Network::parse(text));
  return out;
}

bool in_any(const std::vector<Network>& networks, const Address& address) {
  return std::ranges::any_of(networks, [&](const auto& n) { return n.contains(address); });
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string whole(text);
  in_addr four{};
  if (::inet_pton(AF_INET, whole.c_str(), &four) == 1) return mapped(&four);
  Address six{};
  if (::inet_pton(AF_INET6, whole.c_str(), six.data()) == 1) return six;
  return {};
}

std::optional<Address> address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return mapped(&four.sin_addr);
  }
  if (address.sa_family != AF_INET6) return {};
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Address out{};
  std::memcpy(out.data(), &six.sin6_addr, out.size());
  return out;
}

bool is_public(const Address& address) {
  static const auto ipv4 = networks({"0.0.0.0/0"});
  static const auto special =
      networks({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
                "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"});
  // Of IPv6 only 2000::/3 is given out; what holds an IPv4 address (Teredo, 6to4) leads elsewhere.
  static const auto global = networks({"2000::/3"});
  static const auto special_global = networks({"2001::/23", "2001:db8::/32", "2002::/16"});
  if (in_any(ipv4, address)) return !in_any(special, address);
  return in_any(global, address) && !in_any(special_global, address);
}

Result<Network> Network::parse(std::string_view text) {
  const auto whole = trim(text);
  const auto slash = std::min(whole.find('/'), whole.size());
  const auto address = parse_address(whole.substr(0, slash));
  Network out;
  if (address) {
    out.first_ = *address;
    const bool four = whole.substr(0, slash).find(':') == whole.npos;
    const auto bits = slash == whole.size() ? std::optional<std::int64_t>(four ? 32 : 128)
                                            : to_int(whole.substr(slash + 1));
    if (bits && *bits >= 0 && *bits <= (four ? 32 : 128)) {
      out.bits_ = static_cast<int>(*bits) + (four ? kMappedBits : 0);
      return out;
    }
  }
  return fail(ErrorCode::kUsage, "'" + std::string(whole) +
                                     "' is no address or network, such as 10.0.0.0/8 or fd00::/8");
}

bool Network::contains(const Address& address) const {
  const auto bytes = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(first_.begin(), first_.begin() + bits_ / 8, address.begin())) return false;
  if (bits_ % 8 == 0) return true;
  const auto mask = 0xFF << (8 - bits_ % 8) & 0xFF;
  return ((first_[bytes] ^ address[bytes]) & mask) == 0;
}

}  // namespace recorte::net
