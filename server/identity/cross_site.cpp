// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/cross_site.hpp"

#include "core/base/text.hpp"

#include <optional>

namespace recorte::identity {
namespace {

/// "https://host:8443" of "https://host:8443/prefix".
std::string_view origin_of(std::string_view url) {
  const auto host = url.find("://");
  return host == url.npos ? url : url.substr(0, url.find('/', host + 3));
}

bool reads_only(const http::Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

/// nullopt where there is no field that says where it comes from.
std::optional<bool> comes_from_own_page(const http::Request& request) {
  const auto* site = request.headers.find("Sec-Fetch-Site");
  const auto* origin = request.headers.find("Origin");
  if (site == nullptr && origin == nullptr) return {};
  const bool own = origin == nullptr || equal_ignoring_case(*origin, origin_of(request.base_url));
  return own && (site == nullptr || *site == "same-origin");
}

}  // namespace

std::string csrf_token(const account::Key& key, const account::Principal& principal) {
  return key.hash_of(principal.credential);
}

Status check_same_site(const http::Request& request, const account::Key& key,
                       const account::Principal& principal) {
  if (reads_only(request) || comes_from_own_page(request).value_or(false)) return {};
  const auto* given = request.headers.find("X-CSRF-Token");
  if (given == nullptr) given = request.parameter("csrf");
  if (given != nullptr && key.verify(principal.credential, *given)) return {};
  return fail(ErrorCode::kForbidden,
              "this was not sent by a page of this service, and a session's cookie alone changes "
              "nothing; load the page again, or use a token");
}

Status check_not_from_elsewhere(const http::Request& request) {
  if (reads_only(request) || comes_from_own_page(request).value_or(true)) return {};
  return fail(ErrorCode::kForbidden,
              "this was sent by a page of another site, for which a password changes nothing; use "
              "a token");
}

}  // namespace recorte::identity
