// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/address.hpp"

#include "core/base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <optional>

namespace recorte::config {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kAlphanumeric =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

auto refuse(std::string_view text, std::string_view what) {
  return fail(ErrorCode::kUsage, "'" + std::string(text) + "' " + std::string(what));
}

bool only(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kAlphanumeric.find(c) != kAlphanumeric.npos || more.find(c) != more.npos;
  });
}

bool is_address(int family, std::string_view text) {
  in6_addr address{};  // the larger of the two
  return ::inet_pton(family, std::string(text).c_str(), &address) == 1;
}

/// A name or an IPv4 address. What is all digits and dots is meant to be an address.
bool good_host(std::string_view host) {
  if (host.find_first_not_of("0123456789.") == host.npos) return is_address(AF_INET, host);
  return host.size() <= 253 && only(host, "-._") && host.front() != '-' && host.front() != '.';
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.find_first_not_of(kDigits) != text.npos) return {};
  const auto port = to_int(text);
  if (!port || *port > 65535) return {};
  return static_cast<std::uint16_t>(*port);
}

struct Authority {
  std::string_view host;                 ///< without brackets
  std::optional<std::string_view> port;  ///< what follows the colon
};

/// HOST[:PORT], with an IPv6 address in brackets; nullopt where the host is none.
std::optional<Authority> split_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos || !is_address(AF_INET6, text.substr(1, end - 1))) return {};
    const auto rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return {};
    return Authority{text.substr(1, end - 1),
                     rest.empty() ? std::nullopt : std::optional(rest.substr(1))};
  }
  const auto colon = text.find(':');
  if (!good_host(text.substr(0, colon))) return {};
  return Authority{text.substr(0, colon),
                   colon == text.npos ? std::nullopt : std::optional(text.substr(colon + 1))};
}

struct Url {
  std::string origin;     ///< scheme, host and port
  std::string_view path;  ///< from its first slash on
};

std::optional<Url> split_url(std::string_view text, std::string_view safe = "https",
                             std::string_view plain = "http") {
  const auto mark = text.find("://");
  if (mark == text.npos) return {};
  const auto scheme = lower(text.substr(0, mark));
  if (scheme != plain && scheme != safe) return {};
  const auto rest = text.substr(mark + 3);
  const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
  const auto authority = split_authority(rest.substr(0, slash));
  if (!authority) return {};
  if (authority->port && port_of(*authority->port).value_or(0) == 0) return {};
  return Url{scheme + "://" + lower(rest.substr(0, slash)), rest.substr(slash)};
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view text) {
  constexpr std::string_view kRemedy =
      "; write HOST:PORT, as 127.0.0.1:8080, or [::1]:8080 for IPv6";
  const auto whole = trim(text);
  const auto authority = split_authority(whole);
  if (!authority) return refuse(text, "does not begin with a host" + std::string(kRemedy));
  if (!authority->port) return refuse(text, "has no port" + std::string(kRemedy));
  const auto port = port_of(*authority->port);
  if (!port) return refuse(text, "has no port between 0 and 65535" + std::string(kRemedy));
  return HostPort{std::string(authority->host), *port};
}

Result<std::string> parse_base_url(std::string_view text) {
  constexpr std::string_view kRemedy = "; write it as https://cutouts.example.org/recorte";
  const auto url = split_url(trim(text));
  if (!url) return refuse(text, "is not an absolute http or https URL" + std::string(kRemedy));
  auto path = url->path;
  if (path.find_first_of("?#") != path.npos)
    return refuse(text, "has a query or a fragment, and other URLs are made by adding to it" +
                            std::string(kRemedy));
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto segments = split(path, '/');
  const bool odd = std::any_of(segments.begin() + (segments.empty() ? 0 : 1), segments.end(),
                               [](const std::string& segment) {
                                 return segment.empty() || segment == "." || segment == "..";
                               });
  if (odd || !only(path, "/-._~"))
    return refuse(text, "has a path that is not of plain names (letters, digits, - . _ ~)" +
                            std::string(kRemedy));
  return url->origin + std::string(path);
}

Result<std::string> parse_web_url(std::string_view text) {
  const auto whole = trim(text);
  const auto url = split_url(whole);
  const bool odd = whole.find_first_of(" #\\\"<>") != whole.npos;
  if (!url || odd)
    return refuse(text, "is not an http or https URL; write it as https://ops.example.org/recorte");
  return url->origin + std::string(url->path);
}

Result<std::string> parse_webhook_host(std::string_view text) {
  const std::string whole(trim(text));
  const auto with_scheme = whole.find("://") == whole.npos ? "https://" + whole : whole;
  const auto url = split_url(with_scheme);
  if (!url || !url->path.empty())
    return refuse(text,
                  "is not a host; write it without a path, as hooks.example.org, "
                  "hooks.example.org:8443 or http://127.0.0.1:9000");
  const std::string_view own = url->origin.starts_with("https:") ? ":443" : ":80";
  const bool named = url->origin.ends_with(own);
  return url->origin.substr(0, url->origin.size() - (named ? own.size() : 0));
}

Result<std::string> parse_mail_server(std::string_view text) {
  const std::string whole(trim(text));
  const auto url = split_url(whole, "smtps", "smtp");
  if (!url || !url->path.empty())
    return refuse(text,
                  "is not a mail server; write it as smtp://mail.example.org:587 or "
                  "smtps://mail.example.org:465");
  const auto authority =
      split_authority(std::string_view(url->origin).substr(url->origin.find("://") + 3));
  if (authority->port) return url->origin;
  return url->origin + (url->origin.starts_with("smtps:") ? ":465" : ":587");
}

Result<std::string> parse_origin(std::string_view text) {
  const auto whole = trim(text);
  if (whole == "*") return std::string(whole);
  const auto url = split_url(whole);
  if (!url || !url->path.empty())
    return refuse(text,
                  "is not an origin; write scheme and host alone, as https://portal.example.org, "
                  "or * for any");
  return url->origin;
}

Result<std::string> parse_network(std::string_view text) {
  const auto whole = trim(text);
  const auto slash = whole.find('/');
  const auto address = whole.substr(0, slash);
  const bool four = is_address(AF_INET, address);
  const auto bits =
      slash == whole.npos ? std::optional<std::uint16_t>(0) : port_of(whole.substr(slash + 1));
  if (!(four || is_address(AF_INET6, address)) || !bits || *bits > (four ? 32 : 128))
    return refuse(text,
                  "is not an address or a network; write it as 127.0.0.1, 10.0.0.0/8 or "
                  "fd00::/8");
  return std::string(whole);
}

}  // namespace recorte::config
