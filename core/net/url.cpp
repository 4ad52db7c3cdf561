// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/url.hpp"

#include "core/base/text.hpp"
#include "core/net/transfer.hpp"

#include <algorithm>
#include <new>
#include <optional>

namespace recorte::net {
namespace {

constexpr std::size_t kLongest = 2'000;
constexpr int kMostRounds = 8;

/// nullopt: it has none.
std::optional<std::string> part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) {
    return c > ' ' && c < 0x7F &&
           std::string_view("\"<>\\^`{|}").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

/// `rounds`: how often what libcurl made of a URL may be read once more.
Result<Target> parse(std::string_view text, int rounds) {
  const auto refuse = [&](const std::string& what) {
    const auto shown = is_plain(text) ? std::string(text.substr(0, 100)) : "this address";
    return fail(ErrorCode::kUsage, "'" + shown + "' " + what);
  };
  if (text.size() > kLongest)
    return refuse("is longer than " + std::to_string(kLongest) + " characters; shorten it");
  if (!is_plain(text))
    return refuse("has characters that no URL has; write them with %, as %20 for a blank");
  const std::unique_ptr<CURLU, EndTransfer> url(curl_url());
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK)
    return refuse("is no URL; write it as https://hooks.example.org/path");
  const auto scheme = part(url.get(), CURLUPART_SCHEME);
  const auto host = part(url.get(), CURLUPART_HOST);
  if (!scheme || !host || (*scheme != "https" && *scheme != "http"))
    return refuse("is no http or https URL; write it as https://hooks.example.org/path");
  if (part(url.get(), CURLUPART_USER) || part(url.get(), CURLUPART_PASSWORD))
    return refuse("has a user; leave out what stands before the @");
  if (part(url.get(), CURLUPART_FRAGMENT))
    return refuse("has a fragment; leave out what follows the #");
  const auto whole = part(url.get(), CURLUPART_URL);
  if (!whole) return refuse("is no URL; write it as https://hooks.example.org/path");
  // It undoes escapes in a host after it has looked whether that is a number, and whoever goes
  // there has it look again: what it makes of its own words is where they lead.
  if (*whole != text) {
    if (rounds == 0) return refuse("has a host that is escaped again and again; write it plainly");
    return parse(*whole, rounds - 1);
  }
  Target out{*whole, *scheme + "://" + lower(*host)};
  const auto port = part(url.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  if (port) out.origin += ":" + *port;
  return out;
}

}  // namespace

Result<Target> parse_target(std::string_view text) { return parse(text, kMostRounds); }

Result<Target> resolve_target(const std::string& base, std::string_view location) {
  const std::unique_ptr<CURLU, EndTransfer> url(curl_url());
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(location).c_str(), 0) != CURLUE_OK)
    return fail(ErrorCode::kUsage, "a server sends to what is no URL");
  return parse_target(part(url.get(), CURLUPART_URL).value_or(""));
}

}  // namespace recorte::net
