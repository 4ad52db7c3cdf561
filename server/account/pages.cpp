// SPDX-License-Identifier: BSD-3-Clause
#include "server/account/pages.hpp"

#include "core/base/text.hpp"
#include "server/account/files.hpp"
#include "server/page/fill.hpp"
#include "server/page/prefix.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::account_face {
namespace {

using nlohmann::json;

constexpr std::string_view kContentPolicy =
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

}  // namespace

http::Response page(const http::Request& request, int status, std::string_view html, json data) {
  data["prefix"] = page::prefix_of(request.base_url);
  data["base_url"] = request.base_url;
  auto response = http::text_response(status, "text/html; charset=utf-8", page::fill(html, data));
  auto& headers = response.headers;
  headers.set("Content-Security-Policy", std::string(kContentPolicy));
  headers.set("X-Content-Type-Options", "nosniff");
  // An address of these may hold a code of a provider's.
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cache-Control", "no-store");
  return response;
}

http::Response message_page(const http::Request& request, int status, const std::string& title,
                            const std::string& text, const std::string& link,
                            const std::string& link_text) {
  return page(request, status, kMessageHtml,
              {{"title", title},
               {"text", text},
               {"link", page::prefix_of(request.base_url) + link},
               {"link_text", link_text},
               {"request_id", request.id}});
}

http::Response error_page(const http::Request& request, const Error& error) {
  auto text = upper(error.message.substr(0, 1)) + error.message.substr(1);
  if (!text.ends_with('.')) text += '.';
  auto out = message_page(request, error_row(error.code).http, "Not signed in", text, "/login",
                          "Begin again");
  if (const auto wait = retry_seconds(error); wait > 0)
    out.headers.set("Retry-After", std::to_string(wait));
  out.notes.error = error.message;
  return out;
}

std::string minute_text(Micros time) {
  constexpr std::size_t kDate = 10, kMinute = 16;
  const auto iso = iso_time(time);
  return iso.substr(0, kDate) + " " + iso.substr(kDate + 1, kMinute - kDate - 1) + " UTC";
}

std::optional<http::Response> refusal_page(const http::Request& request, int status,
                                           const std::string& message) {
  const auto& path = request.path;
  const bool ours = path == "/" || path == "/docs" || path == "/login" || path == "/logout" ||
                    path == "/account" || path.starts_with("/account/") ||
                    path.starts_with("/login/");
  if (!ours) return {};
  auto text = upper(message.substr(0, 1)) + message.substr(1) + ".";
  http::Response out =
      status == 401 ? message_page(request, status, "Who are you?", text,
                                   "/login?return=" + url_encode(path), "Sign in")
                    : message_page(request, status, status == 404 ? "Nothing is here" : "No", text);
  out.notes.error = message;
  return out;
}

}  // namespace recorte::account_face
