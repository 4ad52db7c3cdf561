// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/hardening.hpp"

#include <string_view>

namespace recorte::http {
namespace {

void set_where_missing(Headers& headers, const char* name, const char* value) {
  if (headers.find(name) == nullptr) headers.add(name, value);
}

}  // namespace

void harden(const Request& request, Response& response) {
  auto& headers = response.headers;
  set_where_missing(headers, "X-Content-Type-Options", "nosniff");
  if (const auto* type = headers.find("Content-Type");
      type != nullptr && type->starts_with("text/html")) {
    set_where_missing(headers, "Content-Security-Policy",
                      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    set_where_missing(headers, "Referrer-Policy", "same-origin");
  }
  if (request.base_url.starts_with("https://"))
    set_where_missing(headers, "Strict-Transport-Security", "max-age=31536000");
}

}  // namespace recorte::http
