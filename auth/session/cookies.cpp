// SPDX-License-Identifier: BSD-3-Clause
#include "auth/session/cookies.hpp"

#include "core/base/text.hpp"

namespace recorte::auth {
namespace {

constexpr Micros kSecond = 1'000'000;

/// "[::1]:80/x" → "[::1]".
std::string_view host_of(std::string_view rest) {
  if (rest.starts_with('[')) return rest.substr(0, rest.find(']') + 1);
  return rest.substr(0, rest.find_first_of(":/"));
}

bool is_loopback(std::string_view host) {
  const bool numbers = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || host == "[::1]" || (numbers && host.starts_with("127."));
}

}  // namespace

Result<Cookies> Cookies::at(std::string_view base_url) {
  const auto end = base_url.find("://");
  const auto scheme = base_url.substr(0, end);
  const auto rest = end == base_url.npos ? std::string_view() : base_url.substr(end + 3);
  const bool tls = scheme == "https";
  if (!tls && !is_loopback(host_of(rest)))
    return fail(ErrorCode::kUsage,
                "nobody can sign in at " + std::string(base_url) +
                    ", as what a browser sends there can be read on its way; use https, and name "
                    "it in [server] base_url");
  const auto slash = rest.find('/');
  const std::string path(slash == rest.npos ? "" : rest.substr(slash));
  const std::string prefix = !tls ? "" : path.empty() ? "__Host-" : "__Secure-";
  Cookies out;
  out.session_ = prefix + "recorte";
  out.login_ = prefix + "recorte-login";
  out.attributes_ = "; Path=" + (path.empty() ? "/" : path) + "; HttpOnly; SameSite=Lax" +
                    (tls ? "; Secure" : "");
  return out;
}

std::string Cookies::set(std::string_view name, std::string_view value, Micros lifetime) const {
  return std::string(name) + "=" + std::string(value) +
         "; Max-Age=" + std::to_string(lifetime / kSecond) + attributes_;
}

std::string Cookies::forget(std::string_view name) const { return set(name, "", 0); }

std::optional<std::string> find_cookie(std::string_view header, std::string_view name) {
  std::optional<std::string> out;
  for (const auto& each : split(header, ';')) {
    const auto equals = each.find('=');
    if (equals == each.npos || std::string_view(each).substr(0, equals) != name) continue;
    if (out) return std::nullopt;
    out = each.substr(equals + 1);
  }
  return out;
}

}  // namespace recorte::auth
