// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/json_call.hpp"

#include "core/base/text.hpp"
#include "core/net/transfer.hpp"
#include "core/net/url.hpp"

#include <algorithm>

namespace recorte::net {
namespace {

/// "http://[::1]:80" → "[::1]".
std::string_view host_of(std::string_view origin) {
  origin.remove_prefix(origin.find("://") + 3);
  if (origin.starts_with('[')) return origin.substr(0, origin.find(']') + 1);
  return origin.substr(0, origin.find(':'));
}

bool is_loopback(std::string_view host) {
  const bool numbers = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || host == "[::1]" || (numbers && host.starts_with("127."));
}

bool is_private(const Target& target) {
  return target.origin.starts_with("https://") || is_loopback(host_of(target.origin));
}

std::string form_text(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form)
    out += (out.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
  return out;
}

}  // namespace

bool is_private_url(std::string_view url) {
  const auto target = parse_target(url);
  return target && is_private(*target);
}

Result<JsonAnswer> call_json(const JsonCall& call, const Bounds& bounds) {
  const auto target = parse_target(call.url);
  if (!target) return fail(target.error());
  if (!is_private(*target))
    return fail(ErrorCode::kUsage, target->origin +
                                       " is neither https nor on this machine, and what is sent "
                                       "there is secret; use https");
  // A token is somebody else's words, and no way for them to begin a header of their own.
  if (!std::ranges::all_of(call.bearer, [](char c) { return c > ' ' && c < 0x7F; }))
    return fail(ErrorCode::kUsage,
                "the token for " + target->origin + " has characters that no token has");
  std::string body;
  Transfer transfer(bounds);
  transfer.keep(body);
  transfer.set(CURLOPT_URL, target->url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.set(CURLOPT_USERAGENT, "recorte");
  transfer.set(CURLOPT_CUSTOMREQUEST, call.form ? "POST" : call.method.c_str());
  Lines headers;
  add_line(headers, "Accept: application/json");
  if (!call.bearer.empty()) add_line(headers, "Authorization: Bearer " + call.bearer);
  if (!call.user.empty()) {
    transfer.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    transfer.set(CURLOPT_USERNAME, call.user.c_str());
    transfer.set(CURLOPT_PASSWORD, call.password.c_str());
  }
  const auto form = call.form ? form_text(*call.form) : std::string();
  if (call.form) {
    add_line(headers, "Expect:");  // no round trip to ask whether the body may come
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(form.size()));
    transfer.set(CURLOPT_POSTFIELDS, form.data());
  }
  transfer.set(CURLOPT_HTTPHEADER, headers.get());
  const auto code = transfer.run();
  if (code != CURLE_OK)
    return fail(ErrorCode::kUnavailable,
                target->origin + " does not answer: " + transfer.why(code));
  JsonAnswer out{transfer.status(), nlohmann::json::parse(body, nullptr, false)};
  if (out.body.is_discarded()) out.body = nullptr;
  return out;
}

}  // namespace recorte::net
