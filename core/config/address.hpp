/// Addresses as settings write them: where to listen, the public URL, the origins that may read,
/// the proxies to believe. Each is checked when the file is read, so that a wrong one has a line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::config {

struct HostPort {
  std::string host;        ///< a name or numeric, an IPv6 address without its brackets
  std::uint16_t port = 0;  ///< 0: any free one
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:0". kUsage names the text and the remedy, here and
/// below.
Result<HostPort> parse_host_port(std::string_view text);
/// An absolute http or https URL of scheme, host, port and path, as it was but for scheme and host
/// in lower case and no slash at the end: "https://cutouts.example.org/recorte".
Result<std::string> parse_base_url(std::string_view text);
/// An absolute http or https URL with any path and query.
Result<std::string> parse_web_url(std::string_view text);
/// Where webhooks may go: "hooks.example.org", "hooks.example.org:8443", which are https, or with
/// the scheme. Comes back as an origin, without the port that is the scheme's.
Result<std::string> parse_webhook_host(std::string_view text);
/// A mail server: "smtp://host:587" or "smtps://host:465"; a port that is not named is added.
Result<std::string> parse_mail_server(std::string_view text);
/// "*", or an origin as browsers send it: "https://portal.example.org".
Result<std::string> parse_origin(std::string_view text);
/// Whether the text is an IPv4 or IPv6 address or network, "10.0.0.0/8"; returned without blanks.
Result<std::string> parse_network(std::string_view text);

}  // namespace recorte::config
