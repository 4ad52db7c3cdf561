// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/credentials.hpp"

#include "auth/session/cookies.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "server/http/syntax.hpp"
#include "server/identity/base64.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::identity {
namespace {

using auth::Credentials;
using http::Request;

constexpr std::size_t kLongestName = 256, kLongestSecret = 16 << 10;

bool control(unsigned char c) { return c < ' ' || c == 0x7f; }
bool visible(unsigned char c) { return c > ' ' && c < 0x7f; }

/// RFC 6750, 2.1: b64token.
Status read_bearer(std::string_view text, Credentials& out) {
  if (text.empty() || text.size() > kLongestSecret || !std::ranges::all_of(text, visible))
    return fail(ErrorCode::kUsage,
                "what follows Bearer in Authorization is no token; write Authorization: Bearer "
                "TOKEN");
  out.kind = Credentials::Kind::kBearer;
  out.secret = text;
  return {};
}

/// RFC 7617, in UTF-8.
Status read_basic(std::string_view text, Credentials& out) {
  auto pair = decode_base64(text);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (!pair || colon == pair->npos || colon > kLongestName || pair->size() > kLongestSecret ||
      !is_good_utf8(*pair) || std::ranges::any_of(*pair, control))
    return fail(ErrorCode::kUsage,
                "what follows Basic in Authorization is not base64 of a user's name, ':' and a "
                "password in UTF-8 (RFC 7617)");
  out.kind = Credentials::Kind::kBasic;
  out.user = pair->substr(0, colon);
  out.secret = pair->substr(colon + 1);
  return {};
}

Status read_authorization(std::string_view field, Credentials& out) {
  field = trim(field);
  const auto scheme = field.substr(0, field.find(' '));
  const auto rest = trim(field.substr(scheme.size()));
  if (equal_ignoring_case(scheme, "Bearer")) return read_bearer(rest, out);
  if (equal_ignoring_case(scheme, "Basic")) return read_basic(rest, out);
  return fail(ErrorCode::kUnauthenticated,
              "Authorization begins with neither Bearer nor Basic, which are what is known here");
}

std::size_t count(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      request.headers, [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
}

/// None where there are two of them, one of which another host of the domain may have set. Some
/// proxies split the field.
std::optional<std::string> cookie(const Request& request, std::string_view name) {
  std::string all;
  for (const auto& [field, value] : request.headers)
    if (equal_ignoring_case(field, "Cookie")) all += value + ";";
  return auth::find_cookie(all, name);
}

Status read_on_behalf_of(const Request& request, Credentials& out) {
  constexpr std::string_view kName = "X-Recorte-On-Behalf-Of";
  const auto* field = request.headers.find(kName);
  if (field == nullptr) return {};
  const auto user = trim(*field);
  if (count(request, kName) > 1 || user.empty() || user.size() > kLongestName ||
      !std::ranges::all_of(user, visible))
    return fail(ErrorCode::kUsage, "X-Recorte-On-Behalf-Of is not the name of one user");
  out.on_behalf_of = user;
  if (out.kind != Credentials::Kind::kBearer)
    return fail(ErrorCode::kUnauthenticated,
                "X-Recorte-On-Behalf-Of is for services; send the service's token, as "
                "Authorization: Bearer TOKEN");
  return {};
}

}  // namespace

std::string_view session_cookie(std::string_view base_url) {
  constexpr std::string_view kTls = "https://";
  if (!base_url.starts_with(kTls)) return "recorte";
  return base_url.find('/', kTls.size()) == base_url.npos ? "__Host-recorte" : "__Secure-recorte";
}

Result<Credentials> read_credentials(const Request& request) {
  if (request.parameter("access_token") != nullptr)
    return fail(ErrorCode::kUsage,
                "access_token in the query or in a form would be in logs, and is not taken; send "
                "the token as Authorization: Bearer TOKEN");
  Credentials out;
  const auto fields = count(request, "Authorization");
  if (fields > 1)
    return fail(ErrorCode::kUsage,
                "there are " + std::to_string(fields) + " Authorization fields, and may be one");
  if (fields == 1)
    RECORTE_TRY(read_authorization(*request.headers.find("Authorization"), out));
  else if (auto session = cookie(request, session_cookie(request.base_url));
           session && !session->empty() && session->size() <= kLongestSecret) {
    out.kind = Credentials::Kind::kSession;
    out.secret = std::move(*session);
  }
  if (out.kind == Credentials::Kind::kBasic && request.in_clear)
    return fail(ErrorCode::kForbidden,
                "a password is not taken over plain http from another machine, where others can "
                "read it; use https, and choose another password");
  RECORTE_TRY(read_on_behalf_of(request, out));
  out.address = request.address;
  out.request_id = request.id;
  return out;
}

}  // namespace recorte::identity
