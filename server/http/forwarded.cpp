// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/forwarded.hpp"

#include "core/base/text.hpp"
#include "server/http/syntax.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::http {
namespace {

constexpr std::string_view kAlphanumeric =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kMapped = 12;  // bytes before an IPv4 address in ::ffff:a.b.c.d

using Address = std::array<std::uint8_t, 16>;

std::optional<Address> parse_address(std::string_view text) {
  const std::string numeric(text.substr(0, text.find('%')));  // a zone is local to the machine
  Address address{};
  if (::inet_pton(AF_INET6, numeric.c_str(), address.data()) == 1) return address;
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (::inet_pton(AF_INET, numeric.c_str(), address.data() + kMapped) == 1) return address;
  return {};
}

/// One text for each address, whichever way it was written; nullopt for what is none.
std::optional<std::string> canonical(std::string_view text) {
  const auto address = parse_address(text);
  if (!address) return {};
  const auto* v6 = reinterpret_cast<const in6_addr*>(address->data());
  const bool v4 = IN6_IS_ADDR_V4MAPPED(v6);
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address->data() + (v4 ? kMapped : 0), out.data(),
              out.size());
  return out.data();
}

/// The address of a node: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80; nullopt for
/// `unknown`, `_hidden` and what is malformed.
std::optional<std::string> node_address(std::string_view node) {
  if (node.starts_with('[')) {
    const auto close = node.find(']');
    if (close == node.npos) return {};
    return canonical(node.substr(1, close - 1));
  }
  const auto colon = node.find(':');
  const bool port = colon != node.npos && node.find(':', colon + 1) == node.npos;
  return canonical(port ? node.substr(0, colon) : node);
}

/// What one proxy says of who called it and how; "" where it does not, or not well.
struct Hop {
  std::optional<std::string> address;
  std::string scheme, host, prefix;
};

std::string safe_scheme(std::string_view text) {
  auto scheme = lower(text);
  return scheme == "http" || scheme == "https" ? scheme : "";
}

/// What can stand in a URL, a header and a page without a thought.
std::string safe_host(std::string_view text) {
  static const std::string allowed = std::string(kAlphanumeric) + ".:_-[]";
  return text.size() <= 255 && text.find_first_not_of(allowed) == text.npos ? std::string(text)
                                                                            : "";
}

std::string safe_prefix(std::string_view text) {
  static const std::string allowed = std::string(kAlphanumeric) + "._~-/";
  while (text.ends_with('/')) text.remove_suffix(1);
  const bool safe = text.starts_with('/') && text.find_first_not_of(allowed) == text.npos &&
                    text.find("//") == text.npos && text.find("/.") == text.npos;
  return safe ? std::string(text) : "";
}

/// The elements of a list field, the last, which the nearest proxy wrote, first.
std::vector<std::string> nearest_first(const Headers& headers, std::string_view name) {
  auto list = split(headers.joined(name).value_or(""), ',');
  std::reverse(list.begin(), list.end());
  return list;
}

/// One element of Forwarded. Its values hold no comma and no semicolon, and it was split without
/// regard to quotes: a client's stray quote must not swallow what a proxy appended.
Hop forwarded_hop(std::string_view element) {
  Hop hop;
  for (const auto& pair : split(element, ';')) {
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = lower(trim(pair.substr(0, equals)));
    const auto value =
        unquoted(trim(std::string_view(pair).substr(std::min(equals + 1, pair.size()))));
    if (!value) continue;
    if (name == "for") hop.address = node_address(*value);
    if (name == "proto") hop.scheme = safe_scheme(*value);
    if (name == "host") hop.host = safe_host(*value);
  }
  return hop;
}

/// What the proxies say, the nearest first. Each appends to the lists, so these agree at their
/// ends.
std::vector<Hop> read_hops(const Headers& headers) {
  std::vector<Hop> hops;
  const auto read = [&](std::string_view name, auto&& set) {
    const auto list = nearest_first(headers, name);
    hops.resize(std::max(hops.size(), list.size()));
    for (std::size_t i = 0; i < list.size(); ++i) set(hops[i], list[i]);
  };
  if (headers.find("Forwarded") != nullptr) {
    read("Forwarded", [](Hop& hop, const auto& text) { hop = forwarded_hop(text); });
  } else {
    read("X-Forwarded-For", [](Hop& hop, const auto& text) { hop.address = node_address(text); });
    read("X-Forwarded-Proto", [](Hop& hop, const auto& text) { hop.scheme = safe_scheme(text); });
    read("X-Forwarded-Host", [](Hop& hop, const auto& text) { hop.host = safe_host(text); });
  }
  read("X-Forwarded-Prefix", [](Hop& hop, const auto& text) { hop.prefix = safe_prefix(text); });
  return hops;
}

/// Takes what a farther proxy says over what a nearer one said, if it says anything.
void prefer(std::string& known, const std::string& said) {
  if (!said.empty()) known = said;
}

bool is_here(std::string_view address) { return address == "::1" || address.starts_with("127."); }

std::string_view path_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto path = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
  return path == url.npos ? std::string_view() : url.substr(path);
}

/// "/recorte/api" without "/recorte" is "/api"; "/recorted" has no such prefix.
void remove_prefix(std::string_view prefix, std::string& path) {
  if (prefix.empty() || !path.starts_with(prefix)) return;
  if (path.size() == prefix.size()) {
    path = "/";
  } else if (path[prefix.size()] == '/') {
    path.erase(0, prefix.size());
  }
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const auto address_text = trim(text.substr(0, slash));
  const auto address = parse_address(address_text);
  const int most = address_text.find(':') == address_text.npos ? 32 : 128;
  const auto bits = slash == text.size() ? most : to_int(text.substr(slash + 1));
  if (!address || !bits || *bits < 0 || *bits > most)
    return fail(ErrorCode::kUsage, "'" + excerpt(text) +
                                       "' is no network; write an address, as 10.0.0.1, or a "
                                       "range, as 10.0.0.0/8 or fd00::/8");
  Network network;
  network.bytes_ = *address;
  network.bits_ = static_cast<int>(*bits) + 128 - most;
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto other = parse_address(address);
  if (!other) return false;
  int left = bits_;
  for (std::size_t i = 0; left > 0; ++i, left -= 8) {
    const unsigned ignored = left >= 8 ? 0 : 8 - static_cast<unsigned>(left);
    if (((bytes_[i] ^ (*other)[i]) & 0xFFU) >> ignored != 0) return false;
  }
  return true;
}

bool Proxies::trusts(std::string_view address) const {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&](const Network& network) { return network.contains(address); });
}

void apply_forwarded(const Proxies& proxies, std::string_view peer, std::string_view listening,
                     Request& request) {
  request.address = canonical(peer).value_or(std::string(peer));
  const auto* named = request.headers.find("Host");
  Hop url{{}, "", named != nullptr ? safe_host(*named) : "", ""};
  if (url.host.empty()) url.host = listening;
  const bool behind = proxies.trusts(peer);
  if (behind)
    for (const auto& hop : read_hops(request.headers)) {
      prefer(url.scheme, hop.scheme);
      prefer(url.host, hop.host);
      prefer(url.prefix, hop.prefix);
      if (!hop.address) break;
      request.address = *hop.address;
      if (!proxies.trusts(request.address)) break;
    }
  const bool by_tls = url.scheme.empty() ? behind && proxies.base_url.starts_with("https://")
                                         : url.scheme == "https";
  request.in_clear = !by_tls && !is_here(request.address);
  if (url.scheme.empty()) url.scheme = "http";
  request.base_url = url.scheme + "://" + url.host + url.prefix;
  if (!proxies.base_url.empty()) {
    request.base_url = proxies.base_url;
    while (request.base_url.ends_with('/')) request.base_url.pop_back();
    url.prefix = path_of(request.base_url);
  }
  remove_prefix(url.prefix, request.path);
}

}  // namespace recorte::http
