// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/hosts.hpp"

#include "core/base/text.hpp"
#include "core/fits/remote_file.hpp"
#include "core/net/url.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace recorte::remote {
namespace {

constexpr std::string_view kS3 = "s3://";

/// For messages: without a query, a user or a password.
std::string shown(std::string_view uri) {
  auto out = fits::shown_uri(uri);
  const auto begin = out.find("://");
  if (begin == out.npos) return out;
  const auto host = begin + 3;
  const auto at = out.rfind('@', out.find('/', host));
  return at == out.npos || at < host ? out : out.replace(host, at + 1 - host, "");
}

tl::unexpected<Error> no_uri(std::string_view uri) {
  return fail(ErrorCode::kData,
              "'" + shown(uri) +
                  "' is no URI of a remote file: it begins with https://, http:// or s3://, names "
                  "no user, has no fragment and no steps up, and writes odd characters with %");
}

/// Steps up that a server might see where we do not.
bool leads_up(std::string_view url) {
  const auto path = lower(url.substr(0, url.find('?')));
  for (const std::string_view step : {"%2e", "..%2f", "%2f..", "..%5c", "%5c.."})
    if (path.find(step) != path.npos) return true;
  return false;
}

/// As it is asked for: no dots, no default port.
std::optional<net::Target> read_url(std::string_view url) {
  auto target = net::parse_target(url);
  if (!target || leads_up(url)) return {};
  return std::move(*target);
}

struct Object {
  std::string_view bucket, key;
};

bool is_bucket(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, [](unsigned char c) {
           return std::islower(c) || std::isdigit(c) || c == '-' || c == '.';
         });
}

std::optional<Object> read_s3(std::string_view uri) {
  if (!uri.starts_with(kS3) || uri.size() > 1'500) return {};
  uri.remove_prefix(kS3.size());
  const auto slash = uri.find('/');
  if (slash == uri.npos) return {};
  const Object out{uri.substr(0, slash), uri.substr(slash + 1)};
  const auto steps = split(out.key, '/');
  const bool odd = std::ranges::any_of(out.key, [](unsigned char c) { return c < ' '; }) ||
                   std::ranges::any_of(steps, [](const auto& s) { return s == "." || s == ".."; });
  if (!is_bucket(out.bucket) || odd) return {};
  return out;
}

/// As AWS's signature wants it: everything but unreserved characters and slashes.
std::string encoded(std::string_view key) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : key) {
    if (c < 0x80 && (std::isalnum(c) || std::string_view("-_.~/").find(static_cast<char>(c)) !=
                                            std::string_view::npos))
      out += static_cast<char>(c);
    else
      out += {'%', kHex[c >> 4], kHex[c & 15]};
  }
  return out;
}

/// As both a URI and a beginning are compared; "" where it is none.
std::string plain(std::string_view uri) {
  if (uri.starts_with(kS3)) return read_s3(uri) ? std::string(uri) : "";
  const auto target = read_url(uri);
  return target ? target->url : "";
}

}  // namespace

Hosts::Hosts(std::vector<std::string> origins, std::vector<net::Network> networks, S3 s3)
    : origins_(std::move(origins)), networks_(std::move(networks)), s3_(std::move(s3)) {
  // A host that is listed by its address is meant, wherever that is.
  auto named = origins_;
  named.push_back(s3_.endpoint);
  for (const auto& origin : named) {
    auto host = std::string_view(origin).substr(std::min(origin.find("://") + 3, origin.size()));
    if (host.starts_with('['))
      host = host.substr(1, host.find(']') - 1);
    else
      host = host.substr(0, host.find(':'));
    if (net::parse_address(host)) networks_.push_back(*net::Network::parse(host));
  }
}

Result<Place> Hosts::place(std::string_view uri) const {
  return uri.starts_with(kS3) ? s3_place(uri) : web_place(uri);
}

Result<Place> Hosts::web_place(std::string_view url) const {
  const auto target = read_url(url);
  if (!target) return no_uri(url);
  if (std::ranges::find(origins_, target->origin) == origins_.end())
    return fail(ErrorCode::kUnavailable,
                shown(url) +
                    " is not fetched: its host is not in hosts of [remote] in the "
                    "configuration; the service's operator may add " +
                    target->origin);
  return Place{target->url, false};
}

Result<Place> Hosts::s3_place(std::string_view uri) const {
  const auto object = read_s3(uri);
  if (!object || object->key.empty()) return no_uri(uri);
  const std::string bucket(object->bucket);
  if (std::ranges::find(s3_.buckets, bucket) == s3_.buckets.end())
    return fail(ErrorCode::kUnavailable,
                shown(uri) +
                    " is not fetched: its bucket is not in buckets of [remote.s3] in the "
                    "configuration; the service's operator may add " +
                    bucket);
  const auto begin = s3_.endpoint.find("://") + 3;
  const auto url = s3_.path_style ? s3_.endpoint + "/" + bucket + "/" + encoded(object->key)
                                  : s3_.endpoint.substr(0, begin) + bucket + "." +
                                        s3_.endpoint.substr(begin) + "/" + encoded(object->key);
  return Place{url, !s3_.key.empty()};
}

Result<Place> Hosts::redirected(const Place& from, std::string_view location) const {
  // What is signed is signed for one place.
  const auto target = from.signs ? Result<net::Target>(fail(ErrorCode::kUnavailable, ""))
                                 : net::resolve_target(from.url, location);
  if (!target)
    return fail(ErrorCode::kUnavailable, "its server sends elsewhere, where Recorte does not go");
  return web_place(target->url);
}

bool Hosts::may_reach(const net::Address& address) const {
  return net::is_public(address) ||
         std::ranges::any_of(networks_, [&](const auto& n) { return n.contains(address); });
}

bool is_below(std::string_view uri, const std::vector<std::string>& beginnings) {
  const auto whole = plain(uri);
  return !whole.empty() && std::ranges::any_of(beginnings, [&](const std::string& text) {
    const auto beginning = plain(text);
    if (beginning.empty() || !whole.starts_with(beginning)) return false;
    return beginning.ends_with('/') || whole.size() == beginning.size() ||
           whole[beginning.size()] == '/' || whole[beginning.size()] == '?';
  });
}

}  // namespace recorte::remote
