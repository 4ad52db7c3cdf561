/// Who the client is and which URL it used, when a reverse proxy stands between: what a trusted
/// proxy says in X-Forwarded-For, -Proto, -Host and -Prefix or Forwarded (RFC 7239) counts;
/// what anyone else says there does not. Forwarded wins where both are there, so a proxy that sets
/// the X- headers must take a client's Forwarded away.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::http {

/// "10.0.0.0/8", "127.0.0.1", "fd00::/8". IPv4 is held as ::ffff:a.b.c.d.
class Network {
 public:
  /// kUsage names the text.
  static Result<Network> parse(std::string_view text);
  /// `address`: numeric, IPv4 or IPv6; false for what is none.
  bool contains(std::string_view address) const;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  int bits_ = 128;
};

struct Proxies {
  std::vector<Network> trusted;
  /// "https://cutouts.example.org/recorte": scheme, host and prefix of every absolute URL; "": as
  /// the request says.
  std::string base_url;

  bool trusts(std::string_view address) const;
};

/// Sets `address` (the nearest address that is no trusted proxy's, in its canonical text),
/// `base_url` and `in_clear`, and takes the path prefix off `path` where the proxy left it on. A
/// proxy that does not say how it was called was called as the base URL says. `peer` is the
/// socket's address, `listening` "host:port" of ours, for a request without a Host that can stand
/// in a URL. What is malformed is passed over.
void apply_forwarded(const Proxies& proxies, std::string_view peer, std::string_view listening,
                     Request& request);

}  // namespace recorte::http
