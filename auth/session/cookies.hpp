/// The cookies of this service, as the browser's side of its URL allows: their names say to the
/// browser what it must refuse of others, so that nobody beside us sets one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recorte::auth {

class Cookies {
 public:
  /// Of "https://host/prefix", as the browser has it. kUsage where it is plain http, but for a
  /// loopback host: a cookie could be read on its way.
  static Result<Cookies> at(std::string_view base_url);

  /// "__Host-recorte"; behind a path "__Secure-recorte"; without TLS "recorte".
  const std::string& session() const { return session_; }
  /// "__Host-recorte-login" and so on: of a browser that is about to sign in.
  const std::string& login() const { return login_; }

  /// Set-Cookie: HttpOnly, SameSite=Lax, Secure but without TLS, gone after `lifetime`.
  std::string set(std::string_view name, std::string_view value, Micros lifetime) const;
  /// Has the browser forget it.
  std::string forget(std::string_view name) const;

 private:
  std::string session_, login_, attributes_;
};

/// The value of a cookie in a Cookie header; nullopt where it is missing, or there are two of them.
std::optional<std::string> find_cookie(std::string_view header, std::string_view name);

}  // namespace recorte::auth
